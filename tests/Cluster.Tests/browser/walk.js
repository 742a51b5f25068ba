// Walks through the web console in Chromium and prints what it saw: one JSON object with name and value a line.
// Usage: node walk.js CHROMIUM BASE AGENCY_KEY PERSON SETTLEMENT [FOLDER FOR SCREENSHOTS]
"use strict";

const fs = require("node:fs");
const { chromium } = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [program, base, key, person, settlement, shots] = process.argv.slice(2);
const say = (name, value) => console.log(JSON.stringify({ name, value }));

// Everything a browser complains of, and every request that leaves the server. A refused page is an error to the browser: its own status is expected.
const complaints = [];
const foreign = [];
function watch(page, expected = []) {
  page.on("console", message => {
    if (message.type() === "error" && !expected.some(text => message.text().includes(text))) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", error => complaints.push(`${page.url()}: ${error.message}`));
  page.on("request", request => { if (!request.url().startsWith(base + "/")) foreign.push(request.url()); });
}

async function signIn(page) {
  await page.goto(base + "/console/sign-in");
  await page.fill("#key", key);
  await page.press("#key", "Enter");
  await page.waitForURL(base + "/console");
}

async function account(page) {
  await page.goto(base + "/console");
  await page.fill("#person", person);
  await page.press("#person", "Enter");
  await page.waitForURL("**/console/account/*");
  return page.url();
}

/** What axe finds against WCAG 2.2 AA and its best practices, each as rule and first element. */
async function accessibility(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map(violation => `${violation.id}: ${violation.nodes[0].html} ${violation.nodes[0].any[0]?.message ?? ""}`);
}

async function pages(browser, options, name, language, eachWidth) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  watch(page);
  await page.goto(`${base}/console/sign-in?lang=${language}`);
  const visited = { "sign-in": await accessibility(page) };
  await signIn(page);
  const link = await account(page);
  const addresses = {
    home: "/console", account: link.slice(base.length), statement: `/console/settlements/${settlement}`,
    calculator: `/console/calculator?person=${link.split("/").pop()}`, reconciliation: "/console/reconciliation?facility=H210100001&from=2026-06-01&to=2026-06-01",
    policies: "/console/policies?differences=1&region=210500&day=2022-10-31&other=210500&other-day=2022-11-01",
    parameter: "/console/policies/210100/Resident/inpatient.deductible", lint: "/console/lint?on=2026-06-01", operations: "/console/operations",
  };
  for (const [key, address] of Object.entries(addresses)) {
    await page.goto(base + address);
    if (key === "statement") await page.click("[data-expand]");
    visited[key] = await accessibility(page);
    if (eachWidth) {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) visited[key].push(`the page is ${overflow} pixels wider than the screen`);
    }
    if (shots) await page.screenshot({ path: `${shots}/${name}-${key}.png`, fullPage: true });
  }
  say(`accessibility ${name}`, Object.fromEntries(Object.entries(visited).filter(([, found]) => found.length > 0)));
  say(`pages ${name}`, Object.keys(visited).length);
  say(`language ${name}`, await page.getAttribute("html", "lang"));
  await context.close();
}

/** From the sign-in to the source of a step without a mouse. */
async function keyboard(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  watch(page);
  const until = async (wanted, what) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(selector => document.activeElement.matches(selector), wanted)) return;
    }
    throw new Error(`the keyboard does not reach ${what}`);
  };
  await page.goto(`${base}/console/settlements/${settlement}`); // signed out: leads to the sign-in, and back
  say("keyboard starts in", await page.evaluate(() => document.activeElement.id));
  await page.keyboard.type(key);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/console/settlements/${settlement}`);
  say("keyboard comes back to", await page.textContent("h1"));
  await page.goto(base + "/console");
  await page.keyboard.press("Tab");
  say("keyboard skips to", await page.evaluate(() => document.activeElement.className));
  await until("#person", "the person field");
  await page.keyboard.type(person);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/console/account/*");
  await until(`a[href$="${settlement}"]`, "the statement's link");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/console/settlements/${settlement}`);
  await until(".waterfall .pooled a", "the pooled fund's bar");
  await page.keyboard.press("Enter");
  await until("#steps-pooled ~ details summary", "a step of the pooled fund");
  await page.keyboard.press("Enter");
  const step = page.locator("details.step[open]");
  say("keyboard opens", { count: await step.count(), source: await step.locator(".citation dd").isVisible(), group: await page.evaluate(() => {
    let element = document.activeElement.closest("details");
    while (element.tagName !== "H3") element = element.previousElementSibling;
    return element.id;
  }) });
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  say("keyboard shows where it is", outline !== "none");
  await context.close();
}

/** The calculator follows its slider; the operations page renews itself; a long list is searched. */
async function scripts(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  watch(page);
  await signIn(page);
  const link = await account(page);
  await page.goto(`${base}/console/calculator?person=${link.split("/").pop()}`);
  const pays = () => page.textContent("#results .big strong");
  const before = await pays();
  const renewed = page.waitForResponse("**/console/calculator/results");
  await page.locator("input[type=range]").fill("60000");
  await renewed;
  await page.waitForFunction(old => document.querySelector("#results .big strong").textContent !== old, before);
  say("slider moves the figure", await page.inputValue("#in-scope"));
  say("slider moves the result", (await pays()) !== before);
  await page.getByLabel("特三级", { exact: true }).check();
  await page.waitForFunction(() => document.querySelector("thead .chosen").textContent.includes("特三级"));
  say("level moves the result", await page.textContent("#chosen"));

  await page.goto(base + "/console/operations");
  await page.evaluate(() => { document.querySelector("#live").firstElementChild.dataset.old = "1"; });
  await page.waitForFunction(() => !document.querySelector("#live [data-old]"));
  say("operations renew themselves", true);
  const node = '[aria-labelledby="nodes"] tbody th';
  await page.waitForFunction(names => document.querySelectorAll(names).length === 3, node);
  say("operations show the nodes", await page.$$eval(node, names => names.map(name => name.firstChild.textContent)));
  await page.click("[data-poll]");
  say("operations can be paused", await page.getAttribute("[data-poll]", "aria-pressed"));

  await page.goto(base + "/console/policies");
  const rows = page.locator("#parameters tbody tr:visible");
  const all = await rows.count();
  await page.fill("#search", "yearly-cap");
  say("search leaves", { fewer: (await rows.count()) < all, some: (await rows.count()) > 0 });
  await context.close();
}

/** Paper has every step open and nothing to press. */
async function print(browser) {
  const page = await browser.newPage();
  watch(page);
  await signIn(page);
  await page.goto(`${base}/console/settlements/${settlement}`);
  await page.emulateMedia({ media: "print" });
  say("print hides", await page.evaluate(() => [".top", ".bottom", "button"].every(name => getComputedStyle(document.querySelector(name)).display === "none")));
  say("print opens", await page.locator(".step .citation dd").first().isVisible());
  if (shots) await page.screenshot({ path: `${shots}/print-statement.png`, fullPage: true });
  await page.close();
}

/** Without scripts the pages still do their work. */
async function withoutScripts(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page);
  const link = await account(page);
  await page.goto(`${base}/console/calculator?person=${link.split("/").pop()}`);
  await page.check("input[value=Primary]", { force: true });
  await page.click("form.card button[type=submit]");
  say("without scripts the calculator answers", await page.textContent("#chosen"));
  await context.close();
}

/** A refusal is a page too; and a session that ended leads to the sign-in. */
async function refusals(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  watch(page, ["404"]);
  await signIn(page);
  await page.goto(base + "/console/settlements/NOSUCH?lang=en");
  say("refusal says", await page.textContent("[role=alert]"));
  say("refusal is accessible", await accessibility(page));
  await page.goto(base + "/console");
  await page.click(".who button");
  await page.waitForURL("**/console/sign-in");
  await page.goto(base + "/console/operations");
  say("signed out leads to", new URL(page.url()).pathname);
  await context.close();
}

(async () => {
  // Debian's Chromium has its own sandbox only where it may make namespaces; this one reads nothing but our own pages.
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await pages(browser, { viewport: { width: 1280, height: 900 } }, "zh", "zh", true);
    await pages(browser, { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }, "en dark", "en", true);
    await pages(browser, { viewport: { width: 390, height: 844 } }, "zh phone", "zh", true);
    await keyboard(browser);
    await scripts(browser);
    await print(browser);
    await withoutScripts(browser);
    await refusals(browser);
    say("complaints of the browser", complaints);
    say("requests that leave the server", foreign);
  } finally {
    await browser.close();
  }
})().catch(error => { console.error(error); process.exitCode = 1; });
