//! Sign-in by an external provider: a real one, started here, at which a user signs in as with a browser.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use harness::cases;
use harness::client::{Answer, Call, Client};
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use serde_json::{Value, json};

use super::person::{Session, reads};
use crate::contest::text;
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_linked_identity_signs_in,
        what_does_not_fit_the_attempt_is_refused,
        keys_of_the_provider_are_fetched_again,
        made_up_codes_make_their_address_wait,
        a_provider_that_is_away_makes_nobody_wait,
        a_stranger_is_told_the_providers_of_a_tenant_he_names,
    ]
}

/// Where the provider sends users back to; nobody listens there, the test reads the address.
const BACK: &str = "http://127.0.0.1:1/back";

/// The provider as a process; killed when dropped.
struct Provider {
    child: Child,
    port: u16,
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Provider {
    /// Starts it with a key of that name; none where there is no Node, unless `TEST_OIDC=required`.
    fn start(port: Option<u16>, kid: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oidc");
        if !folder.join("node_modules").is_dir() {
            let is_required = harness::setting("TEST_OIDC").as_deref() == Some("required");
            assert!(!is_required, "run npm ci --prefix tests/oidc first");
            eprintln!("External sign-in was not tested: npm ci --prefix tests/oidc was not run.");
            return None;
        }
        let free = || TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        // Another case may take a free port before the provider does.
        for _ in 0..20 {
            let (provider, line) = Self::launch(&folder, port.unwrap_or_else(free), kid);
            match line.as_str() {
                "ready" => return Some(provider),
                "EADDRINUSE" => thread::sleep(Duration::from_millis(100)),
                line => panic!("the provider says {line:?}"),
            }
        }
        panic!("no port for the provider")
    }

    fn launch(folder: &Path, port: u16, kid: &str) -> (Self, String) {
        let mut command = Command::new("node");
        command.arg("provider.mjs").args([&port.to_string(), BACK, kid]).current_dir(folder);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (Self { child, port }, line.trim().to_owned())
    }

    fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A server whose tenant Lai Châu trusts this provider.
    fn server(&self, stage: &Stage, folder: &Path) -> Server {
        std::fs::write(folder.join("secret"), "a client secret\n").unwrap();
        let file = folder.join("providers.toml");
        let text = format!(
            "[[provider]]\ntenant = \"lai_chau\"\nname = \"so-noi-vu\"\nlabel = \"Sở Nội vụ\"\nissuer = \"{}\"\n\
             client-id = \"thidua\"\nclient-secret-file = \"{}\"\nredirect-uris = [\"{BACK}\"]\n",
            self.issuer(),
            folder.join("secret").display(),
        );
        std::fs::write(&file, text).unwrap();
        let arguments = vec!["--oidc-providers-file".to_owned(), file.display().to_string()];
        stage.own_server(Options { demo: true, arguments, ..Options::default() })
    }

    /// Signs in at the provider as a browser does; what it sends back.
    fn visit(&self, url: &str, login: &str) -> Back {
        let client = Client::new(&self.issuer());
        let mut browser = Browser { client, cookies: Vec::new() };
        let mut answer = browser.get(&self.path(url));
        for _ in 0..12 {
            let place = answer.header("location").map(str::to_owned);
            if let Some(query) = place.as_deref().and_then(|place| place.strip_prefix(BACK)) {
                return Back::read(query);
            }
            if let Some(place) = place {
                answer = browser.get(&self.path(&place));
            } else {
                assert_eq!(answer.status, 200, "{answer}");
                let place = between(&answer.text, "action=\"", "\"");
                let prompt = between(&answer.text, "name=\"prompt\" value=\"", "\"");
                let form = format!("prompt={prompt}&login={login}&password=any");
                answer = browser.post(&self.path(&place), &form);
            }
        }
        panic!("the provider never sends the user back: {answer}")
    }

    fn path(&self, url: &str) -> String {
        url.strip_prefix(&self.issuer()).unwrap_or(url).to_owned()
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).unwrap().0.to_owned()
}

/// A client that keeps cookies.
struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    fn post(&mut self, path: &str, form: &str) -> Answer {
        self.send("POST", path, form)
    }

    fn send(&mut self, method: &str, path: &str, form: &str) -> Answer {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let headers =
            [("cookie", cookies.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let answer =
            self.client.request(&Call { method, path, headers: &headers, body: form.as_bytes() });
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }
}

/// What the provider sends back.
#[derive(Clone)]
struct Back {
    code: String,
    state: String,
}

impl Back {
    fn read(query: &str) -> Self {
        let find = |wanted: &str| {
            let pairs = query.trim_start_matches('?').split('&');
            let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
            let found = pairs.find(|(name, _)| *name == wanted);
            found.unwrap_or_else(|| panic!("no {wanted} in {query}")).1.to_owned()
        };
        Self { code: find("code"), state: find("state") }
    }
}

fn send(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

fn try_start(client: &Client, tenant: &str, provider: &str, back: &str) -> Answer {
    let input = json!({ "tenant": tenant, "provider": provider, "redirectUri": back });
    send(client, "externalSignInStart", &input)
}

/// Goes to the provider and comes back: attempt, and what it sent.
fn travel(client: &Client, provider: &Provider, login: &str) -> (String, Back) {
    let data = try_start(client, "lai_chau", "so-noi-vu", BACK).ok();
    let start = &data["externalSignInStart"]["start"];
    (text(&start["attempt"]), provider.visit(&text(&start["url"]), login))
}

fn arrive(client: &Client, attempt: &str, back: &Back) -> Answer {
    let input = json!({ "attempt": attempt, "code": back.code, "state": back.state });
    send(client, "externalSignIn", &input)
}

fn sign_in(client: &Client, provider: &Provider, login: &str) -> Answer {
    let (attempt, back) = travel(client, provider, login);
    arrive(client, &attempt, &back)
}

/// Links whoever signs in as `login` to a user of Lai Châu.
fn link(client: &Client, provider: &Provider, (login, user): (&str, &str)) -> Answer {
    let own = client.sign_in("lai_chau", user, PASSWORD);
    let (attempt, back) = travel(client, provider, login);
    let input = json!({
        "attempt": attempt, "code": back.code, "state": back.state, "currentPassword": PASSWORD,
    });
    send(&own, "identityLink", &input)
}

fn id(client: &Client) -> Value {
    client.run("{ viewer { user { id } } }", json!({})).ok()["viewer"]["user"]["id"].clone()
}

fn a_linked_identity_signs_in(stage: &Stage) {
    let Some(provider) = Provider::start(None, "first") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = provider.server(stage, folder.path());
    let client = server.client();
    // All who sign in there have the same e-mail address: it proves nothing.
    let _ = sign_in(&client, &provider, "an.nguyen").refused("IDENTITY_NOT_LINKED");

    let _ = link(&client, &provider, ("an.nguyen", "lai_chau.officer")).ok();

    let data = sign_in(&client, &provider, "an.nguyen").ok();
    let session = Session::of(&client, &data["externalSignIn"]["session"]);
    assert!(reads(&session.client));
    let viewer = session.client.run("{ viewer { user { username } } }", json!({})).ok();
    assert_eq!(viewer["viewer"]["user"]["username"], "lai_chau.officer");
    assert!(reads(&session.refresh(&client).client));
    let _ = sign_in(&client, &provider, "binh.lo").refused("IDENTITY_NOT_LINKED");
    let _ = link(&client, &provider, ("an.nguyen", "lai_chau.chair")).refused("ALREADY_EXISTS");

    let administrator = client.sign_in("lai_chau", "lai_chau.admin", PASSWORD);
    let officer =
        json!({ "userId": id(&session.refresh(&client).client), "reason": "Chuyển công tác" });
    let _ = send(&administrator, "identityUnlink", &officer).ok();
    assert!(!reads(&session.client));
    let _ = sign_in(&client, &provider, "an.nguyen").refused("IDENTITY_NOT_LINKED");
}

fn what_does_not_fit_the_attempt_is_refused(stage: &Stage) {
    let Some(provider) = Provider::start(None, "first") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = provider.server(stage, folder.path());
    let client = server.client();
    let _ = link(&client, &provider, ("an.nguyen", "lai_chau.officer")).ok();
    for (tenant, name, back, code) in [
        ("lao_cai", "so-noi-vu", BACK, "NOT_FOUND"),
        ("lai_chau", "another", BACK, "NOT_FOUND"),
        ("nowhere", "so-noi-vu", BACK, "NOT_FOUND"),
        ("lai_chau", "so-noi-vu", "https://evil.example/back", "INVALID_FORMAT"),
    ] {
        let _ = try_start(&client, tenant, name, back).refused(code);
    }
    let (attempt, back) = travel(&client, &provider, "an.nguyen");
    let (other_attempt, other) = travel(&client, &provider, "an.nguyen");
    let state = |state: &str| Back { state: state.to_owned(), ..back.clone() };

    let _ = arrive(&client, "", &back).refused("SESSION_EXPIRED");
    let _ = arrive(&client, &format!("{attempt}A"), &back).refused("SESSION_EXPIRED");
    let _ = arrive(&client, &attempt, &state("another")).refused("EXTERNAL_SIGN_IN_FAILED");
    // A code of another attempt: neither its verifier nor its nonce is that of this one.
    let _ =
        arrive(&client, &other_attempt, &state(&other.state)).refused("EXTERNAL_SIGN_IN_FAILED");
    let made_up = Back { code: "made-up".to_owned(), ..other.clone() };
    let _ = arrive(&client, &other_attempt, &made_up).refused("EXTERNAL_SIGN_IN_FAILED");
    let _ = arrive(&client, &other_attempt, &other).ok();
    let _ = arrive(&client, &other_attempt, &other).refused("EXTERNAL_SIGN_IN_FAILED");
    assert!(!server.log().contains("a client secret") && !server.log().contains(&other.code));
}

fn keys_of_the_provider_are_fetched_again(stage: &Stage) {
    let Some(provider) = Provider::start(None, "first") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = provider.server(stage, folder.path());
    let client = server.client();
    let _ = link(&client, &provider, ("an.nguyen", "lai_chau.officer")).ok();
    let fetched = Instant::now();
    let port = provider.port;
    drop(provider);

    let provider = Provider::start(Some(port), "second").unwrap();

    let early = sign_in(&client, &provider, "an.nguyen");
    if fetched.elapsed() < Duration::from_secs(25) {
        let _ = early.refused("EXTERNAL_SIGN_IN_FAILED");
    }
    thread::sleep(Duration::from_secs(31).saturating_sub(fetched.elapsed()));
    let _ = sign_in(&client, &provider, "an.nguyen").ok();
}

fn made_up_codes_make_their_address_wait(stage: &Stage) {
    let Some(provider) = Provider::start(None, "first") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = provider.server(stage, folder.path());
    let client = server.client();
    let _ = link(&client, &provider, ("an.nguyen", "lai_chau.officer")).ok();
    let (attempt, back) = travel(&client, &provider, "an.nguyen");
    let made_up = Back { code: "made-up".to_owned(), ..back.clone() };

    for _ in 0..50 {
        let _ = arrive(&client, &attempt, &made_up).refused("EXTERNAL_SIGN_IN_FAILED");
    }

    let _ = arrive(&client, &attempt, &made_up).refused("SIGN_IN_THROTTLED");
    let _ = arrive(&client, &attempt, &back).refused("SIGN_IN_THROTTLED");
    // An attempt that is none of ours asks nobody, and costs what any request does.
    let _ = arrive(&client, "", &back).refused("SESSION_EXPIRED");
}

fn a_provider_that_is_away_makes_nobody_wait(stage: &Stage) {
    let Some(provider) = Provider::start(None, "first") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = provider.server(stage, folder.path());
    let client = server.client();
    let (attempt, back) = travel(&client, &provider, "an.nguyen");
    drop(provider);

    for _ in 0..51 {
        let _ = arrive(&client, &attempt, &back).refused("EXTERNAL_SIGN_IN_FAILED");
    }

    let _ = client.sign_in("lai_chau", "lai_chau.officer", PASSWORD);
}

fn a_stranger_is_told_the_providers_of_a_tenant_he_names(stage: &Stage) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("providers.toml");
    let of = |tenant: &str, name: &str| {
        format!(
            "[[provider]]\ntenant = \"{tenant}\"\n{name}\nissuer = \"https://id.example.vn\"\n\
             client-id = \"thidua\"\nredirect-uris = [\"{BACK}\"]\n"
        )
    };
    let known = of("lai_chau", "name = \"so-noi-vu\"\nlabel = \"Sở Nội vụ\"");
    let plain = of("lai_chau", "name = \"cong-dan\"");
    let other = of("elsewhere", "name = \"not-theirs\"");
    std::fs::write(&file, [known, plain, other].concat()).unwrap();
    let arguments = vec!["--oidc-providers-file".to_owned(), file.display().to_string()];
    let server = stage.own_server(Options { demo: true, arguments, ..Options::default() });
    let client = server.client();
    let ask = |tenant: &str| {
        let answer = client.run(operation::text("signInProviders"), json!({ "tenant": tenant }));
        answer.ok()["signInProviders"].clone()
    };

    let offered = json!([
        { "name": "so-noi-vu", "label": "Sở Nội vụ" },
        { "name": "cong-dan", "label": null },
    ]);
    assert_eq!(ask("lai_chau"), offered);
    // A name in the configuration makes no tenant, and an unknown one is answered as one without providers.
    for tenant in ["elsewhere", "nobody", ""] {
        assert_eq!(ask(tenant), json!([]), "{tenant}");
    }
    let two = "{ a: signInProviders(tenant: \"lai_chau\") { name } b: signInProviders(tenant: \"x\") { name } }";
    let _ = client.run(two, json!({})).top("ROOT_FIELD_LIMIT_EXCEEDED");
}
