# Varnish in front of Masthead: it keeps what readers were answered until Masthead says that it changed.
# Needs the module xkey (Debian: varnish-modules). Masthead is told of it by
#   MASTHEAD_PURGE=varnish MASTHEAD_PURGE_URLS=http://127.0.0.1:6081/ MASTHEAD_PURGE_TOKEN=<the same as below>
vcl 4.1;

import xkey;

backend masthead {
    .host = "127.0.0.1";
    .port = "8080";
}

# Who may say that something changed: where the Masthead servers are.
acl masthead_servers {
    "localhost";
}

sub vcl_recv {
    if (req.http.Purge-Keys || req.http.Purge-Everything) {
        if (client.ip !~ masthead_servers || req.http.Purge-Token != "change me") {
            return (synth(403, "Not yours"));
        }
        if (req.http.Purge-Everything) {
            ban("obj.status != 0");
        } else {
            # Gone at once: the next reader is answered by Masthead.
            set req.http.Purged = xkey.purge(req.http.Purge-Keys);
        }
        return (synth(200, "Purged"));
    }
    # The desk and sign-ins are nobody else's; delivery's reads look at no credential.
    if (req.url ~ "^/api/v1/(desk|auth|previews)(/|$)" || (req.method != "GET" && req.method != "HEAD")) {
        return (pass);
    }
    if (req.url ~ "^/api/v1/") {
        unset req.http.Authorization;
        unset req.http.Cookie;
    }
}

sub vcl_backend_response {
    if (beresp.http.Cache-Tag) {
        set beresp.http.xkey = regsuball(beresp.http.Cache-Tag, ",", " ");
    }
}

sub vcl_deliver {
    unset resp.http.xkey;
}
