// A day in a newsroom with the generated TypeScript client: sign in, write, publish, read, comment, change, take away.
import createClient from "openapi-fetch";
import type { components, paths } from "./masthead.js";

declare const process: { env: Record<string, string | undefined> };
type Block = components["schemas"]["Block"];

const baseUrl = process.env["CONTRACT_BASE"] ?? "";
const reader = createClient<paths>({ baseUrl });

type Answer<T> = { data?: T; error?: unknown; response: Response };

function hold(that: boolean, what: string): void {
  if (!that) throw new Error(`not so: ${what}`);
}

/** What was answered, with the status that it should have. */
function done<T>({ data, error, response }: Answer<T>, status: number): NonNullable<T> {
  if (response.status !== status || data == null) {
    throw new Error(`${response.url}: ${response.status}, not ${status}: ${JSON.stringify(error)}`);
  }
  return data;
}

function etag({ response }: { response: Response }): string {
  return response.headers.get("etag") ?? "";
}

async function signIn(email: string) {
  const body = { email, password: "masthead-demo" };
  const { access_token } = done(await reader.POST("/api/v1/auth/login", { body }), 200);
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${access_token}` } });
}

/** The union is told apart by `type`. */
function heading(block: Block): string | null {
  return block.type === "heading" ? `${block.level} ${block.text}` : null;
}

const desk = await signIn("editor@demo.local");
const section = done(await desk.POST("/api/v1/desk/sections", { body: { name: "TypeScript Weather" } }), 201);
const tag = done(await desk.POST("/api/v1/desk/tags", { body: { name: "TypeScript fog" } }), 201);
const created = await desk.POST("/api/v1/desk/articles", {
  body: {
    title: "Fog closes the strait, says TypeScript",
    section: section.slug,
    tags: [tag.slug],
    authors: ["ana-lima"],
    body: { source: "No ferry sailed.\n\n## Why\n\nNobody saw the pier.", format: "markdown" },
  },
});
const { id, slug, title } = done(created, 201);
const before = await reader.GET("/api/v1/articles/{slug}", { params: { path: { slug } } });
hold(before.response.status === 404 && before.error?.code === "not_found", "a draft is not read");

const published = await desk.POST("/api/v1/desk/articles/{id}/publish", {
  params: { path: { id }, header: { "If-Match": etag(created) } },
});
hold(done(published, 200).status === "published", "it is published");
const read = await reader.GET("/api/v1/articles/{slug}", { params: { path: { slug }, query: { formats: ["blocks"] } } });
const article = done(read, 200);
hold(article.title === title && article.section?.slug === section.slug && article.tags[0]?.slug === tag.slug, "it is read");
hold((article.body.blocks ?? []).some((block) => heading(block) === "2 Why"), "its blocks are typed");
const found = done(await reader.GET("/api/v1/articles", { params: { query: { tag: [tag.slug] } } }), 200);
hold(found.data.length === 1 && found.page.next_cursor === null, "it is in the list");

const comment = done(
  await reader.POST("/api/v1/articles/{slug}/comments", {
    params: { path: { slug } },
    body: { body: "At last!", author_name: "Mara", author_email: "mara@readers.example" },
  }),
  201,
);
hold(comment.status === "pending", "the comment waits");
done(await desk.POST("/api/v1/desk/comments/{id}/approve", { params: { path: { id: comment.id } } }), 200);
const thread = await reader.GET("/api/v1/articles/{slug}/comments", { params: { path: { slug } } });
hold(done(thread, 200).data[0]?.id === comment.id, "the comment is read");

const body = { standfirst: "The ferries wait.", kicker: null };
const change = (version: string) =>
  desk.PATCH("/api/v1/desk/articles/{id}", { params: { path: { id }, header: { "If-Match": version } }, body });
const stale = await change(etag(created));
hold(stale.response.status === 412 && stale.error?.code === "version_conflict", "a stale version is refused");
const changed = await change(etag(published));
hold(done(changed, 200).has_unpublished_changes, "the change waits to be published");

const withdrawn = await desk.POST("/api/v1/desk/articles/{id}/unpublish", {
  params: { path: { id }, header: { "If-Match": etag(changed) } },
});
hold(withdrawn.response.status === 200, "it is withdrawn");
const admin = await signIn("admin@demo.local");
for (const [client, version, query] of [
  [desk, etag(withdrawn), {}],
  [admin, "*", { purge: true }],
] as const) {
  const params = { path: { id }, header: { "If-Match": version }, query };
  const { response } = await client.DELETE("/api/v1/desk/articles/{id}", { params });
  hold(response.status === 204, "it is taken away");
}
const gone = await reader.GET("/api/v1/articles/{slug}", { params: { path: { slug } } });
hold(gone.response.status === 404, "nobody reads it");
const tagGone = await desk.DELETE("/api/v1/desk/tags/{id}", { params: { path: { id: tag.id } } });
const sectionGone = await desk.DELETE("/api/v1/desk/sections/{id}", { params: { path: { id: section.id } } });
hold(tagGone.response.status === 204 && sectionGone.response.status === 204, "the tag and the section are gone");
console.log("the TypeScript client did its day");
