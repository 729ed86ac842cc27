// Two users' app in a browser, recorded by Playwright: node playwright_recorder.cjs BASE_URL FILE CONTENT CHROMIUM TOKEN…
const { chromium } = require("playwright-core");

(async () => {
  const [base, path, content, executablePath, ...tokens] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--no-proxy-server"] });
  const context = await browser.newContext({ recordHar: { path, content } });
  const page = await context.newPage();
  await page.goto(base + "/nothing");
  for (const token of tokens) {
    await page.evaluate(
      async ([root, bearer]) => {
        const ask = (where) => fetch(root + where, { headers: { Authorization: `Bearer ${bearer}` } });
        await (await ask("/me/photo")).json();
        await (await ask("/me/photo/$value")).blob();
        await (await ask("/me/photo/$value?t=1")).arrayBuffer();
      },
      [base, token],
    );
  }
  await context.close();
  await browser.close();
})();
