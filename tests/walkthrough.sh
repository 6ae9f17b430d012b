#!/usr/bin/env bash
# The whole story with curl against a running server: an editor signs in, writes a page, publishes it, a reader's front
# end gets it without a token, a reader comments, a moderator approves. Checks each answer; exit status 0 when all hold.
#
#   tests/walkthrough.sh                    an article of its own
#   tests/walkthrough.sh FILE.txt           the page in a text file: first line the kicker, then a date, the title,
#                                           and paragraphs; short lines alone become headings
# Environment: BASE (http://127.0.0.1:8080), EDITOR_EMAIL, MODERATOR_EMAIL, PASSWORD (the demo newsroom's).
set -euo pipefail

base=${BASE:-http://127.0.0.1:8080}
api=$base/api/v1
editor_email=${EDITOR_EMAIL:-editor@demo.local}
moderator_email=${MODERATOR_EMAIL:-moderator@demo.local}
password=${PASSWORD:-masthead-demo}
page=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v python3 >/dev/null || { echo "python3 is needed to read JSON" >&2; exit 2; }

say() { printf '%s\n' "- $*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; [ -s "$work/body" ] && head -c 2000 "$work/body" >&2; echo >&2; exit 1; }

# call STATUS METHOD URL [curl arguments...]: the answer's body is in $work/body, its headers in $work/head.
call() {
    local want=$1 method=$2 url=$3 got
    shift 3
    got=$(curl -sS -o "$work/body" -D "$work/head" -w '%{http_code}' -X "$method" "$url" "$@")
    [ "$got" = "$want" ] || fail "$method $url answered $got, not $want"
}
# get EXPRESSION: a value of the JSON in $work/body; `d` is the document.
get() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); v=eval(sys.argv[2]); print(v if isinstance(v,str) else json.dumps(v))' "$work/body" "$1"; }
# holds EXPRESSION WHAT
holds() { [ "$(get "bool($1)")" = true ] || fail "$2 ($1)"; }
json=(-H 'Content-Type: application/json')

login() {
    call 200 POST "$api/auth/login" "${json[@]}" -d "{\"email\": \"$1\", \"password\": \"$password\"}"
    get 'd["access_token"]'
}

# The page as a request body, and its words for checking that none was lost.
python3 - "$page" "$work" <<'PY'
import json, re, sys
path, work = sys.argv[1], sys.argv[2]
text = open(path, encoding="utf-8").read() if path else """Breaking

Friday, 6 March 2026

Night ferry returns to the outer islands

Night ferry returns to the outer islands

After four winters without a boat after dusk, the outer islands have their night ferry back. According to Coastal Wire, the first crossing was fully booked within an hour.

Why the boat was missed

Nurses, bakers and students had been sleeping on the mainland between shifts. "We rented one room for six people," a baker told Island Radio.

What it costs

A single crossing costs four crowns and is free for patients. The council pays the difference from the harbour dues.

Meta Description: The outer islands have a night ferry again after four winters; who asked for it, and who pays.

Conclusion

The timetable runs until spring, and then it will be counted who sailed.

For more from the islands keep in touch with us.

No comments:

Post a Comment"""
blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]
kicker, date, title = blocks[0], blocks[1], blocks[2]
rest = [block for block in blocks[3:] if block != title]
body, description, words = [], None, []
for block in rest:
    if block in ("No comments:", "Post a Comment"):
        continue
    if block.startswith("Meta Description:"):
        description = block.split(":", 1)[1].strip()
        continue
    heading = len(block) < 90 and not re.search(r"[.!?]$", block)
    call_to_action = block is rest[-1] or block.lower().startswith("for ") and "keep in touch" in block
    if call_to_action and "keep in touch" in block:
        continue
    body.append(("## " if heading else "") + block)
    words.append(block)
sources = [{"name": name} for name in ("Dawn News", "Reuters", "Coastal Wire", "Island Radio") if name in text]
article = {
    "kicker": kicker, "title": title, "standfirst": description,
    "body": {"format": "markdown", "source": "\n\n".join(body)},
    "section": "world", "tags": [], "sources": sources,
    "seo": {"description": description[:300] if description else None},
}
json.dump(article, open(f"{work}/article.json", "w"))
json.dump({"kicker": kicker, "title": title, "description": description, "blocks": words, "sources": len(sources),
           "headings": [b[3:] for b in body if b.startswith("## ")]}, open(f"{work}/page.json", "w"))
PY
expect() { python3 -c 'import json,sys; print(repr(json.load(open(sys.argv[1]))[sys.argv[2]]))' "$work/page.json" "$1"; }

say "the server is alive and ready"
call 200 GET "$base/healthz"
call 200 GET "$base/readyz"

say "an editor signs in"
editor=$(login "$editor_email")
as_editor=(-H "Authorization: Bearer $editor")
call 401 POST "$api/auth/login" "${json[@]}" -d "{\"email\": \"$editor_email\", \"password\": \"not the password\"}"
holds 'd["code"] == "invalid_credentials"' "a wrong password is refused by name"

say "and writes the page"
call 201 POST "$api/desk/articles" "${as_editor[@]}" "${json[@]}" --data-binary "@$work/article.json"
id=$(get 'd["id"]'); slug=$(get 'd["slug"]'); etag=$(get '"\"v%d\"" % d["version"]')
holds 'd["status"] == "draft" and d["revision"] == 1' "what is created is a draft"
holds "[o['text'] for o in d['body']['outline']] == $(expect headings)" "the outline holds every heading"

say "which no reader sees before it is published"
call 404 GET "$api/articles/$slug"
call 404 GET "$api/articles/$id"

say "it is not published without saying which version"
call 428 POST "$api/desk/articles/$id/publish" "${as_editor[@]}" "${json[@]}" -d '{}'

say "the editor publishes it"
call 200 POST "$api/desk/articles/$id/publish" "${as_editor[@]}" "${json[@]}" -H "If-Match: $etag" -d '{}'
holds 'd["status"] == "published"' "it is published"

say "a reader's front end gets it without a token"
call 200 GET "$api/articles/$slug?formats=parts,text"
holds "d['title'] == $(expect title) and d['kicker'] == $(expect kicker)" "title and kicker are as written"
holds "all(' '.join(b.split()) in ' '.join(d['body']['text'].split()) for b in $(expect blocks))" "no sentence was lost"
holds "[p['heading'] for p in d['body']['parts'] if p['heading']] == $(expect headings)" "every part has its heading"
holds "d['body']['html'] == ''.join(p['html'] for p in d['body']['parts'])" "the parts joined are the body"
holds "len(d['sources']) == $(expect sources)" "the sources are named"
holds "$(expect description) in (None, d['seo']['description'])" "the meta description is as written"
holds "'NewsArticle' in d['seo']['json_ld'] and '<' not in d['seo']['json_ld']" "the structured data is safe to embed"
holds 'd["comment_count"] == 0 and d["comments_open"]' "no comments yet: post a comment"
etag=$(sed -n 's/^[Ee][Tt]ag: *//p' "$work/head" | tr -d '\r')
call 304 GET "$api/articles/$slug?formats=parts,text" -H "If-None-Match: $etag"
call 200 GET "$api/articles?limit=1"
holds "d['data'][0]['slug'] == '$slug'" "it is the newest in the list"
call 200 GET "$api/site"
holds 'd["call_to_action"] is not None' "the site has its call to action"

say "a reader comments"
call 201 POST "$api/articles/$slug/comments" "${json[@]}" -d '{"author_name": "Mara", "author_email": "mara@readers.example", "body": "Good news, '"$id"'. <script>alert(1)</script>"}'
comment=$(get 'd["id"]')
holds 'd["status"] == "pending" and "<script" not in d["body_html"]' "the comment waits, harmless"
call 200 GET "$api/articles/$slug/comments"
holds 'd["data"] == []' "nobody sees it yet"

say "a moderator approves"
moderator=$(login "$moderator_email")
as_moderator=(-H "Authorization: Bearer $moderator")
call 403 POST "$api/desk/articles/$id/unpublish" "${as_moderator[@]}" "${json[@]}" -H 'If-Match: *' -d '{}'
call 200 GET "$api/desk/comments?status=pending&article=$id" "${as_moderator[@]}"
holds "[c['id'] for c in d['data']] == ['$comment']" "it is in the queue"
call 200 POST "$api/desk/comments/$comment/approve" "${as_moderator[@]}" "${json[@]}" -d '{}'

say "and readers see it"
call 200 GET "$api/articles/$slug/comments"
holds "d['data'][0]['author_name'] == 'Mara' and d['data'][0]['status'] == 'approved'" "the comment is public"
call 200 GET "$api/articles/$slug"
holds 'd["comment_count"] == 1' "and counted"

echo "All of it holds: $api/articles/$slug"
