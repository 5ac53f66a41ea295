// GraphQL over HTTP, as the reference implementation audits it.
// Usage: node audit.mjs http://127.0.0.1:4000/graphql [--strict] [-v]
// With TOKEN set it is sent as a bearer token, for a server that keeps strangers out.
import { auditServer } from 'graphql-http';

const [url] = process.argv.slice(2);
const strict = process.argv.includes('--strict');
const verbose = process.argv.includes('-v');
const { TOKEN } = process.env;

const fetchFn = (input, init = {}) =>
  fetch(input, TOKEN ? { ...init, headers: { ...init.headers, authorization: `Bearer ${TOKEN}` } } : init);

const results = await auditServer({ url, fetchFn });
const count = (status) => results.filter((result) => result.status === status).length;

for (const { status, id, name, reason } of results) {
  if (status !== 'ok' || verbose) console.log(status.toUpperCase(), id, name, reason ? `:: ${reason}` : '');
}
console.log(
  `${results.length} audits: ${count('ok')} ok, ${count('notice')} notice, ${count('warn')} warn, ${count('error')} error`,
);
process.exit(count('error') || (strict && count('ok') !== results.length) ? 1 : 0);
