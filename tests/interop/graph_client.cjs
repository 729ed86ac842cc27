// Reads {baseUrl, token, paths} from standard input, asks each path by Microsoft's library, writes what it gave.
const { Client, HTTPMessageHandler, ResponseType } = require("@microsoft/microsoft-graph-client");

const { baseUrl, token, paths } = JSON.parse(require("fs").readFileSync(0, "utf-8"));

// The library's own handler sends a token to Microsoft's hosts alone, and by https: its chain may have another.
class FixedToken {
  setNext(next) {
    this.next = next;
  }
  async execute(context) {
    if (new URL(context.request).hostname !== "127.0.0.1") throw new Error(`would ask ${context.request}`);
    context.options.headers = { ...context.options.headers, Authorization: `Bearer ${token}` };
    await this.next.execute(context);
  }
}

const first = new FixedToken();
first.setNext(new HTTPMessageHandler());
const client = Client.initWithMiddleware({ baseUrl: new URL(baseUrl).origin, defaultVersion: "v1.0", middleware: first });

async function ask(path) {
  try {
    if (!path.endsWith("/$value")) return { metadata: await client.api(path).get() };
    const bytes = await client.api(path).responseType(ResponseType.ARRAYBUFFER).get();
    return { bytes: Buffer.from(bytes).toString("base64") };
  } catch (error) {
    return { error: { status: error.statusCode, code: error.code, message: error.message } };
  }
}

(async () => {
  const told = [];
  for (const path of paths) told.push(await ask(path));
  process.stdout.write(JSON.stringify(told));
})();
