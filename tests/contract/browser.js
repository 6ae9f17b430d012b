// The pages for people, in a real Chromium: the API's documentation is opened, signed in to and used, and the front page is
// looked at. Nothing of it may be refused by the policy (CSP) that the pages come with, nor fail in the console.
import { chromium } from "playwright-core";

const base = process.env.CONTRACT_BASE;
const browser = await chromium.launch({
  executablePath: process.env.CONTRACT_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
});

function hold(that, what) {
  if (!that) throw new Error(`not so: ${what}`);
}

/** A page, and what went wrong on it. */
async function open(path) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("requestfailed", (request) => wrong.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== base) wrong.push(`asks another host: ${request.url()}`);
  });
  await page.exposeFunction("tellViolation", (text) => wrong.push(`against the policy: ${text}`));
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", (event) =>
      window.tellViolation(`${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  const answer = await page.goto(base + path, { waitUntil: "networkidle" });
  hold(answer?.ok(), `${path} answers ${answer?.status()}`);
  return { page, wrong };
}

/** Opens an operation and sends it as it stands; what the page shows of the answer. */
async function execute(page, operationId) {
  const operation = page.locator(`[id$="-${operationId}"]`);
  await operation.locator(".opblock-summary-control").click();
  await operation.locator("button.execute").click();
  const status = operation.locator(".live-responses-table .response .response-col_status");
  await status.waitFor();
  return Number.parseInt((await status.innerText()).trim(), 10);
}

async function documentation() {
  const { page, wrong } = await open("/docs");
  await page.locator(".opblock-tag").first().waitFor();
  // Headings are closed at first.
  for (const heading of ["Articles", "Desk: articles"]) {
    await page.locator(`.opblock-tag[data-tag="${heading}"]`).click();
  }
  hold((await execute(page, "get_article")) === 200, "an article is shown");
  await page.locator("button.authorize").first().click();
  const form = page.locator(".auth-container:has(#oauth_username)");
  await form.locator("#oauth_username").fill("editor@demo.local");
  await form.locator("#oauth_password").fill("masthead-demo");
  await form.locator("button.authorize").click();
  await page.locator(".auth-container button", { hasText: "Logout" }).waitFor();
  await page.locator("button.btn-done").first().click();
  hold((await execute(page, "create_article")) === 201, "an editor creates an article");
  hold(wrong.length === 0, `the documentation is faultless:\n${wrong.join("\n")}`);
  // What is forbidden is noticed here, or the line above says nothing.
  await page.evaluate(
    () =>
      new Promise((noticed) => {
        document.addEventListener("securitypolicyviolation", () => noticed());
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
      }),
  );
  hold(!(await page.evaluate(() => window.ran)), "a script within the page does not run");
  hold(wrong.some((text) => text.startsWith("against the policy: script-src")), "a violation is noticed");
  await page.close();
}

async function frontPage() {
  const { page, wrong } = await open("/");
  hold((await page.locator("a").count()) > 3, "the front page has links");
  hold(wrong.length === 0, `the front page is faultless:\n${wrong.join("\n")}`);
  await page.close();
}

try {
  await documentation();
  await frontPage();
} finally {
  await browser.close();
}
console.log("the pages for people: shown, used, and nothing refused");
