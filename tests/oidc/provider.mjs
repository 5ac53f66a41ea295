// An OpenID provider for the tests of sign-in: a real one (oidc-provider), with its own login form.
// node provider.mjs PORT REDIRECT_URI KEY_ID; whoever signs in there is verified as what he typed.
import { Provider } from 'oidc-provider';
import { generateKeyPairSync } from 'node:crypto';

// The test reads one line and hangs up.
process.stdout.on('error', () => {});
const [port, redirect, kid] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const key = (kid) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
};
const client = (id, secret) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [redirect],
  grant_types: ['authorization_code'],
  response_types: ['code'],
});

const provider = new Provider(issuer, {
  clients: [client('thidua', 'a client secret'), client('other', 'another secret')],
  jwks: { keys: [key(kid)] },
  cookies: { keys: ['only for tests'] },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: 'same@example.vn' }) }),
});
provider
  .listen(Number(port), '127.0.0.1', () => console.log('ready'))
  .on('error', (fault) => { console.log(fault.code); process.exit(1); });
