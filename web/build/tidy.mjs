// After Trunk: takes out the JavaScript snippets of libraries whose code did not make it into the app (the linker
// drops unused Rust, wasm-bindgen still copies its snippets), and their preloads.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const stage = process.env.TRUNK_STAGING_DIR;
const snippets = join(stage, "snippets");
const page = join(stage, "index.html");
let files;
try {
  files = readdirSync(snippets, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
} catch {
  process.exit(0);
}
const app = readdirSync(stage).filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(stage, name), "utf8")).join("\n");
const imported = new Set();
// From the app outwards: a snippet counts when the app imports it, or one that counts does.
const follow = (text) => {
  for (const [, folder] of text.matchAll(/from ['"](?:\.\.?\/)*(?:snippets\/)?([\w-]+-[0-9a-f]{16})\//g)) {
    if (imported.has(folder)) continue;
    imported.add(folder);
    for (const file of files) {
      const path = join(file.parentPath ?? file.path, file.name);
      if (path.includes(`/${folder}/`)) follow(readFileSync(path, "utf8"));
    }
  }
};
follow(app);
let html = readFileSync(page, "utf8");
for (const folder of readdirSync(snippets)) {
  if (imported.has(folder)) continue;
  rmSync(join(snippets, folder), { recursive: true });
  html = html.replace(new RegExp(`<link rel="modulepreload" href="/snippets/${folder}/[^>]*>`, "g"), "");
}
writeFileSync(page, html);
