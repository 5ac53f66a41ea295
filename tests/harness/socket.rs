//! A WebSocket that speaks `graphql-transport-ws` to a server, and lets everything wrong be said too.
//! No operation enters here.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::{IntoClientRequest, client};
use tungstenite::http::{HeaderName, HeaderValue};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, HandshakeError, Message, WebSocket};

use crate::client::Client;
use crate::server::Server;

/// How long a message is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client of one WebSocket.
pub struct Socket(WebSocket<TcpStream>, Duration);

/// What came next.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A message of the protocol.
    Message(Value),
    /// The server has closed with this code.
    Closed(u16),
    /// The connection has ended without a word.
    Gone,
    /// Nothing came in time.
    Nothing,
}

impl Socket {
    /// Opens a WebSocket with the subprotocol; panics when it is refused.
    #[must_use]
    pub fn open(server: &Server) -> Self {
        let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
        Self::try_open(server, &headers).unwrap_or_else(|refused| panic!("refused: {refused:?}"))
    }

    /// Opens a WebSocket with exactly these headers more; the status and the body where it is refused.
    pub fn try_open(server: &Server, headers: &[(&str, &str)]) -> Result<Self, (u16, Value)> {
        let place = server.url().trim_start_matches("http://").to_owned();
        let mut request = format!("ws://{place}/graphql").into_client_request().unwrap();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        let stream = TcpStream::connect(place).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        match client(request, stream) {
            Ok((socket, _)) => {
                let mut socket = Self(socket, PATIENCE);
                socket.0.set_config(|config: &mut WebSocketConfig| {
                    config.max_write_buffer_size = usize::MAX;
                });
                Ok(socket)
            }
            Err(HandshakeError::Failure(Error::Http(answer))) => {
                let body = answer.body().as_deref().unwrap_or_default();
                Err((answer.status().as_u16(), serde_json::from_slice(body).unwrap_or_default()))
            }
            Err(fault) => panic!("no answer: {fault}"),
        }
    }

    /// Opens one, signs in with the token of a client, and waits for the acknowledgement.
    #[must_use]
    pub fn of(server: &Server, client: &Client) -> Self {
        let mut socket = Self::open(server);
        socket.init(client.token());
        let said = socket.heard();
        assert_eq!(said, Said::Message(json!({ "type": "connection_ack" })));
        socket
    }

    /// Sends the first message.
    pub fn init(&mut self, token: Option<&str>) {
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        self.say(&json!({ "type": "connection_init", "payload": payload }));
    }

    /// Begins an operation.
    pub fn subscribe(&mut self, id: &str, query: &str, variables: &Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "type": "subscribe", "id": id, "payload": payload }));
    }

    /// Sends a message.
    pub fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string()));
    }

    /// Sends any frame; that the server has gone is seen by reading.
    pub fn send(&mut self, message: Message) {
        drop(self.0.send(message));
    }

    /// Waits less, or longer, for what comes next.
    pub fn wait_for(&mut self, patience: Duration) {
        self.1 = patience;
        self.0.get_ref().set_read_timeout(Some(patience)).unwrap();
    }

    /// What comes next, without frames of the transport.
    pub fn heard(&mut self) -> Said {
        let begun = Instant::now();
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => {
                    return Said::Message(serde_json::from_str(text.as_str()).unwrap());
                }
                Ok(Message::Close(Some(frame))) => return Said::Closed(frame.code.into()),
                Ok(Message::Close(None)) => return Said::Gone,
                Ok(_) if begun.elapsed() > self.1 => return Said::Nothing,
                Ok(_) => {}
                Err(Error::Io(fault)) if is_late(&fault) => return Said::Nothing,
                Err(_) => return Said::Gone,
            }
        }
    }

    /// The next message.
    #[track_caller]
    pub fn message(&mut self) -> Value {
        match self.heard() {
            Said::Message(message) => message,
            other @ (Said::Closed(_) | Said::Gone | Said::Nothing) => {
                panic!("no message but {other:?}")
            }
        }
    }

    /// The data of the next response of an operation.
    #[track_caller]
    pub fn data(&mut self, id: &str) -> Value {
        let message = self.message();
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert!(message["payload"].get("errors").is_none(), "{message}");
        message["payload"]["data"].clone()
    }

    /// Why an operation was refused: the codes.
    #[track_caller]
    pub fn refused(&mut self, id: &str) -> Vec<String> {
        let message = self.message();
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message}");
        let errors = message["payload"].as_array().unwrap_or_else(|| panic!("{message}")).iter();
        errors.map(|error| error["extensions"]["code"].as_str().unwrap().to_owned()).collect()
    }

    /// The code with which the server closes, whatever it says before.
    #[track_caller]
    pub fn closed(&mut self) -> u16 {
        loop {
            match self.heard() {
                Said::Closed(code) => return code,
                Said::Message(_) => {}
                other @ (Said::Gone | Said::Nothing) => panic!("not closed but {other:?}"),
            }
        }
    }
}

fn is_late(fault: &std::io::Error) -> bool {
    matches!(fault.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}
