//! Where a request comes from: the address of its connection, or, where that is a proxy we trust, the address for
//! which it speaks. Nothing is counted here.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;

use crate::config::Proxies;

/// Reads one hop.
type Read = fn(&str) -> Option<IpAddr>;

/// The address that budgets, throttle and connections are counted by; none where there is no network.
///
/// Every proxy writes behind what it was sent, so only the end of a list is worth anything: from there on the first
/// one that is no proxy of ours is the caller. Where that cannot be read, or where two headers name two callers (one
/// of them is not our proxy's), it is the proxy's own address: whoever makes up headers shares it with his like.
pub(super) fn of(request: &HttpRequest, proxies: &Proxies) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    if !proxies.contains(peer) {
        return Some(peer);
    }
    let headers: [(&str, Read); 2] = [("x-forwarded-for", plain), ("forwarded", forwarded)];
    let present = headers.into_iter().filter(|(name, _)| request.headers().contains_key(*name));
    let mut told: Vec<Option<IpAddr>> = present
        .map(|(name, read)| {
            let lines = request.headers().get_all(name).rev();
            let lines = lines.map(|line| line.to_str().unwrap_or_default());
            nearest(lines.flat_map(|line| line.rsplit(',')).map(read), proxies)
        })
        .collect();
    told.dedup();
    match told.as_slice() {
        [Some(caller)] => Some(*caller),
        [..] => Some(peer),
    }
}

/// The first hop that is no proxy of ours, or the last one of all; none when a hop up to there cannot be read.
fn nearest(hops: impl Iterator<Item = Option<IpAddr>>, proxies: &Proxies) -> Option<IpAddr> {
    let mut last = None;
    for hop in hops {
        let address = hop?;
        if !proxies.contains(address) {
            return Some(address);
        }
        last = Some(address);
    }
    last
}

/// A hop of `X-Forwarded-For`: an address, with a port or without.
fn plain(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let alone = bare.parse::<IpAddr>().ok();
    let address = alone.or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

/// A hop of `Forwarded` (RFC 7239): what its one `for` says.
fn forwarded(hop: &str) -> Option<IpAddr> {
    let mut nodes = hop.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    });
    let (Some(node), None) = (nodes.next(), nodes.next()) else { return None };
    let quoted = node.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    plain(quoted.unwrap_or(node))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::config::{Config, Options, Sources};

    fn proxies(list: &str) -> Proxies {
        let directory = std::env::temp_dir().join("thidua-no-such-directory");
        let flags = Options {
            trusted_proxies: Some(list.to_owned()),
            data_dir: Some(directory),
            ..Options::default()
        };
        Config::resolve(Sources { flags, ..Sources::default() }).unwrap().proxies
    }

    fn caller(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
        let mut request = TestRequest::get().peer_addr(peer);
        for header in headers {
            request = request.append_header(*header);
        }
        let proxies = proxies("10.0.0.0/8, 2001:db8::/32");
        of(&request.to_http_request(), &proxies).unwrap().to_string()
    }

    const PLAIN: &str = "x-forwarded-for";
    const STANDARD: &str = "forwarded";

    #[test]
    fn nobody_but_a_trusted_proxy_speaks_for_others() {
        for header in [(PLAIN, "203.0.113.1"), (STANDARD, "for=203.0.113.1")] {
            assert_eq!(caller("198.51.100.9", &[header]), "198.51.100.9");
            assert_eq!(caller("10.0.0.2", &[header]), "203.0.113.1");
        }
        assert_eq!(caller("10.0.0.2", &[]), "10.0.0.2");
        let request = TestRequest::get().insert_header((PLAIN, "203.0.113.1")).to_http_request();
        assert_eq!(of(&request, &proxies("10.0.0.0/8")), None, "no network");
    }

    #[test]
    fn only_the_end_of_the_list_counts() {
        for (headers, expected) in [
            (vec![(PLAIN, "6.6.6.6, 203.0.113.1")], "203.0.113.1"),
            (vec![(PLAIN, "6.6.6.6, 203.0.113.1, 10.9.9.9")], "203.0.113.1"),
            (vec![(PLAIN, "6.6.6.6"), (PLAIN, "203.0.113.1"), (PLAIN, "10.9.9.9")], "203.0.113.1"),
            (vec![(PLAIN, "unknown, \"x, 203.0.113.1")], "203.0.113.1"),
            (vec![(PLAIN, "10.9.9.9, 10.8.8.8")], "10.9.9.9"),
            (vec![(STANDARD, "for=6.6.6.6, for=203.0.113.1;proto=https")], "203.0.113.1"),
            (vec![(STANDARD, "for=\"6.6.6.6, For=\"203.0.113.1:47011\" ; by=_x")], "203.0.113.1"),
        ] {
            assert_eq!(caller("10.0.0.2", &headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_hop_is_an_address_with_a_port_or_without() {
        for (hop, expected) in [
            ("203.0.113.1:8443", "203.0.113.1"),
            ("::ffff:203.0.113.1", "203.0.113.1"),
            ("2001:dead::1", "2001:dead::1"),
            ("[2001:dead::1]", "2001:dead::1"),
            ("[2001:dead::1]:443", "2001:dead::1"),
        ] {
            assert_eq!(caller("2001:db8::7", &[(PLAIN, hop)]), expected, "{hop}");
        }
        let header = (STANDARD, "proto=https;for=\"[2001:dead::1]:443\"");
        assert_eq!(caller("::ffff:10.0.0.2", &[header]), "2001:dead::1");
    }

    #[test]
    fn what_cannot_be_read_is_the_proxy() {
        for headers in [
            vec![(PLAIN, "")],
            vec![(PLAIN, "203.0.113.1, unknown")],
            vec![(PLAIN, "203.0.113.1,")],
            vec![(PLAIN, "203.0.113.1, nowhere, 10.9.9.9")],
            vec![(PLAIN, "203.0.113.1"), (PLAIN, "a b")],
            vec![(STANDARD, "proto=https")],
            vec![(STANDARD, "for=_hidden")],
            vec![(STANDARD, "for=203.0.113.1;for=203.0.113.2")],
            // One of the two was sent by the caller.
            vec![(PLAIN, "203.0.113.1"), (STANDARD, "for=203.0.113.2")],
            vec![(PLAIN, "203.0.113.1"), (STANDARD, "for=unknown")],
        ] {
            assert_eq!(caller("10.0.0.2", &headers), "10.0.0.2", "{headers:?}");
        }
        let both = [(PLAIN, "203.0.113.1"), (STANDARD, "for=203.0.113.1")];
        assert_eq!(caller("10.0.0.2", &both), "203.0.113.1");
    }
}
