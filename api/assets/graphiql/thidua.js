// GraphiQL with a bar that signs in. No build step: React and GraphiQL are globals.
'use strict';

(() => {
  const { createElement: h, useCallback, useMemo, useState } = React;
  const { accounts, tabs } = window.thidua;

  const WORDS = {
    vi: {
      account: 'Tài khoản mẫu…', tenant: 'Đơn vị', username: 'Tên đăng nhập', password: 'Mật khẩu',
      signIn: 'Đăng nhập', signOut: 'Đăng xuất', signedIn: 'Đang dùng', other: 'English',
      expired: 'Phiên làm việc đã hết hạn', unreachable: 'Không kết nối được máy chủ', cost: 'chi phí',
    },
    en: {
      account: 'Demo sign-ins…', tenant: 'Tenant', username: 'Username', password: 'Password',
      signIn: 'Sign in', signOut: 'Sign out', signedIn: 'Signed in as', other: 'Tiếng Việt',
      expired: 'The session has expired', unreachable: 'The server cannot be reached', cost: 'cost',
    },
  };

  const SIGN_IN = `mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      session { accessToken refreshToken expiresAt }
      errors { message }
    }
  }`;
  const REFRESH = `mutation Refresh($input: SessionRefreshInput!) {
    sessionRefresh(input: $input) {
      session { accessToken refreshToken expiresAt }
    }
  }`;
  const SIGN_OUT = `mutation SignOut($input: SignOutInput!) {
    signOut(input: $input) { __typename }
  }`;

  // Seconds before its end when an access token is renewed.
  const MARGIN = 30;

  // What survives a reload of this tab, and nothing longer: a token is not kept on disk.
  const remembered = (key) => JSON.parse(sessionStorage.getItem(key) ?? 'null');
  const remember = (key, value) => sessionStorage.setItem(key, JSON.stringify(value));

  async function send(body, headers) {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return { response, result: await response.json() };
  }

  // The events of a subscription (GraphQL over SSE) as they come; refused before it begins, it is one answer.
  async function* events(body, headers, signal) {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield await response.json();
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (text + value).split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const [, kind, data] = /^event: (.*)\ndata:(.*)$/m.exec(block) ?? [];
        if (kind === 'complete') return;
        if (kind === 'next') yield JSON.parse(data);
      }
    }
  }

  // The same, so that who stops it does not wait for the next event.
  function follow(body, headers) {
    const abort = new AbortController();
    const source = events(body, headers, abort.signal);
    const over = { value: undefined, done: true };
    const next = () => source.next().catch((fault) => {
      if (abort.signal.aborted) return over;
      throw fault;
    });
    const end = () => { abort.abort(); return Promise.resolve(over); };
    return { [Symbol.asyncIterator]() { return this; }, next, return: end };
  }

  const isSubscription = ({ operationName }, options) => options?.documentAST?.definitions.some(
    (it) => it.operation === 'subscription' && (!operationName || it.name?.value === operationName),
  );

  // The session with an access token that is still valid; null when it is over. A refresh token is
  // used once, so requests that need it together wait for the same answer.
  let renewal = null;
  async function renewed(session) {
    if (Date.parse(session.expiresAt) - Date.now() > MARGIN * 1000) return session;
    renewal ??= send({ query: REFRESH, variables: { input: { refreshToken: session.refreshToken } } })
      .then(({ result }) => {
        const next = result.data?.sessionRefresh?.session;
        return next ? { ...session, ...next } : null;
      })
      .finally(() => { renewal = null; });
    return renewal;
  }

  // Status, time, statements and price of an answer, as far as the server says.
  function measure(response, words) {
    const timing = response.headers.get('server-timing') ?? '';
    const statements = /sql;desc="(\d+)"/.exec(timing)?.[1];
    const total = /total;dur=([\d.]+)/.exec(timing)?.[1];
    const cost = response.headers.get('graphql-cost');
    return [
      response.status,
      total && `${total} ms`,
      statements && `${statements} SQL`,
      cost && `${words.cost} ${cost}`,
    ].filter(Boolean).join(' · ');
  }

  function SignIn({ words, language, onSession }) {
    const [form, setForm] = useState({ tenant: '', username: '', password: '' });
    const [trouble, setTrouble] = useState('');
    const [waits, setWaits] = useState(false);

    const field = (name, type = 'text') => h('input', {
      key: name, name, type, required: true, value: form[name],
      placeholder: words[name], 'aria-label': words[name],
      autoComplete: type === 'password' ? 'current-password' : 'on',
      onChange: (event) => setForm({ ...form, [name]: event.target.value }),
    });

    const choose = (event) => {
      const { tenant, username, password } = accounts[event.target.value];
      setForm({ tenant, username, password });
    };

    const submit = async (event) => {
      event.preventDefault();
      setWaits(true);
      setTrouble('');
      try {
        const { result } = await send(
          { query: SIGN_IN, variables: { input: form } },
          { 'accept-language': language },
        );
        const { session, errors = [] } = result.data?.signIn ?? {};
        if (session) onSession({ ...session, tenant: form.tenant, username: form.username });
        else setTrouble([...errors, ...(result.errors ?? [])].map((it) => it.message).join('; '));
      } catch {
        setTrouble(words.unreachable);
      } finally {
        setWaits(false);
      }
    };

    return h('form', { onSubmit: submit },
      h('select', { value: '', onChange: choose, 'aria-label': words.account },
        h('option', { value: '', disabled: true }, words.account),
        accounts.map(({ label }, index) => h('option', { key: index, value: index }, label[language]))),
      field('tenant'), field('username'), field('password', 'password'),
      h('button', { disabled: waits }, words.signIn),
      trouble && h('span', { className: 'trouble', role: 'alert' }, trouble));
  }

  function Workbench() {
    const [language, setLanguage] = useState(remembered('language') ?? 'vi');
    const [session, setSession] = useState(remembered('session'));
    const [notice, setNotice] = useState('');
    const [meter, setMeter] = useState('');
    const words = WORDS[language];

    const keep = useCallback((next, says = '') => {
      remember('session', next);
      setSession(next);
      setNotice(says);
    }, []);

    const speak = (next) => {
      remember('language', next);
      setLanguage(next);
      document.documentElement.lang = next;
    };

    const who = session && `${session.tenant}/${session.username}`;
    const fetcher = useMemo(() => async (parameters, options) => {
      let current = remembered('session');
      if (current) {
        current = await renewed(current);
        if (current) remember('session', current);
        else keep(null, words.expired);
      }
      const token = current && { authorization: `Bearer ${current.accessToken}` };
      const headers = { 'accept-language': language, ...token, ...options?.headers };
      if (isSubscription(parameters, options)) return follow(parameters, headers);
      const { response, result } = await send(parameters, headers);
      if (parameters.operationName !== 'IntrospectionQuery') setMeter(measure(response, words));
      if (who && response.status === 401) keep(null, words.expired);
      return result;
    }, [who, language, words, keep]);

    const leave = () => {
      const { refreshToken } = remembered('session') ?? {};
      keep(null);
      send({ query: SIGN_OUT, variables: { input: { refreshToken } } }).catch(() => {});
    };

    const bar = h('header', { className: 'bar' },
      h('strong', null, 'Thi Đua'),
      session
        ? h('span', null, `${words.signedIn} ${who}`)
        : h(SignIn, { words, language, onSession: keep }),
      session && h('button', { className: 'plain', onClick: leave }, words.signOut),
      notice && h('span', { className: 'trouble', role: 'alert' }, notice),
      h('span', { className: 'end' },
        meter && h('span', { className: 'meter' }, meter),
        h('button', {
          className: 'plain',
          onClick: () => speak(language === 'vi' ? 'en' : 'vi'),
        }, words.other)));

    // A new fetcher makes GraphiQL read the schema again: what is seen depends on who asks.
    const graphiql = h(GraphiQL, { fetcher, defaultTabs: tabs });
    return h(React.Fragment, null, bar, h('div', { className: 'workbench' }, graphiql));
  }

  // GraphiQL opens one tab more on every reload unless it finds the first tab's text as its own.
  if (!localStorage.getItem('graphiql:tabState')) {
    localStorage.setItem('graphiql:query', tabs[0].query);
    localStorage.setItem('graphiql:variables', tabs[0].variables ?? '');
  }
  document.documentElement.lang = remembered('language') ?? 'vi';
  ReactDOM.createRoot(document.getElementById('root')).render(h(Workbench));
})();
