// Makes web/generated/: app.css (PatternFly's styles for the components in use, without the classes and custom
// properties that nothing refers to, and Entente's own on top), the icon sprite, the font. Installs the npm packages
// first when they are missing or older than the lock. Class names must stand in the Rust source in full to be kept.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(web, "generated");
const modules = join(web, "node_modules");

const installed = join(modules, ".package-lock.json");
const lock = join(web, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", web], { stdio: "inherit" });
  if (npm.status !== 0) {
    console.error("The styles come from npm packages, and `npm ci` in web/ failed; is npm installed and a registry reachable?");
    process.exit(1);
  }
}
const { build, transform } = await import("esbuild");
const { default: postcss } = await import("postcss");

// ---- what the source uses ----
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
const source = walk(join(web, "src")).filter((file) => file.endsWith(".rs")).map((file) => readFileSync(file, "utf8")).join("\n");
const used = new Set(source.match(/pf-[A-Za-z0-9_-]+/g));
// What patternfly-yew's own components write, of those that src/ui uses.
const fromLibrary = /^pf-v6-c-(card|switch|spinner|skeleton|form-control|divider)(__|$)|^pf-m-(sm|md|lg|xl|compact|text-(sm|md|lg|xl|2xl|3xl|4xl)|circle|square|full-height|no-fill|plain|disabled|readonly|required|expanded|clickable|selectable|selected|current|error|success|warning|icon|status|resize-(vertical|horizontal|both))$/;
const alwaysKept = new Set(["pf-v6-theme-dark"]);
const kept = (name) => used.has(name) || alwaysKept.has(name) || fromLibrary.test(name);

// ---- styles ----
// The themes of PatternFly that Entente does not offer.
const unwantedThemes = /pf-v6-theme-(felt|high-contrast|glass)|pf-v6-m-dir-rtl|\[dir=["']?rtl/;
const prune = () => ({
  postcssPlugin: "entente-prune",
  OnceExit(root) {
    root.walkRules((rule) => {
      if (rule.parent?.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
      const selectors = rule.selectors.filter((selector) => {
        // A plain class that nothing writes can never match; what stands inside :not() is no demand.
        const demanded = selector.replace(/:not\([^)]*\)/g, "").replace(/:(is|where)\([^)]*,[^)]*\)/g, "");
        if (unwantedThemes.test(demanded)) return false;
        return (demanded.match(/\.(pf-[A-Za-z0-9_-]+)/g) ?? []).every((name) => kept(name.slice(1)));
      });
      if (selectors.length === 0) rule.remove();
      else rule.selectors = selectors;
    });
    root.walkAtRules("font-face", (rule) => {
      if (!/Inter/.test(rule.toString())) rule.remove();
    });
    // Custom properties that nothing reads, until no more fall away.
    for (let again = true; again; ) {
      again = false;
      const read = new Set([...root.toString().matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]));
      root.walkDecls(/^--pf-/, (declaration) => {
        if (!read.has(declaration.prop)) {
          declaration.remove();
          again = true;
        }
      });
    }
    root.walkRules((rule) => { if (rule.nodes.length === 0) rule.remove(); });
    root.walkAtRules((rule) => { if (rule.nodes?.length === 0) rule.remove(); });
  },
});
prune.postcss = true;

const fontFile = readFileSync(join(modules, "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"));
const fontName = `inter-${createHash("sha256").update(fontFile).digest("hex").slice(0, 12)}.woff2`;

const bundled = await build({
  entryPoints: [join(web, "styles/app.css")],
  bundle: true,
  write: false,
  external: ["*.woff2", "*.jpg", "*.png", "*.svg"],
  nodePaths: [modules],
  logLevel: "error",
});
const pruned = await postcss([prune()]).process(bundled.outputFiles[0].text.replaceAll("INTER_FILE.woff2", fontName), { from: undefined });
const minified = await transform(pruned.css, { loader: "css", minify: true });

// ---- icons: every name that src/ui/icon.rs lists ----
const icons = [...readFileSync(join(web, "src/ui/icon.rs"), "utf8").matchAll(/=> "i-([a-z0-9-]+)"/g)].map((match) => match[1]);
const symbols = icons.map((name) => {
  const svg = readFileSync(join(modules, "lucide-static/icons", `${name}.svg`), "utf8");
  const shape = svg.replace(/<!--.*?-->/gs, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="i-${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shape}</symbol>`;
});
const mark = readFileSync(join(web, "static/mark.svg"), "utf8").trim();

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });
writeFileSync(join(out, "fonts", fontName), fontFile);
writeFileSync(join(out, "app.css"), minified.code);
writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg" class="e-sprite" aria-hidden="true">${mark}${symbols.join("")}</svg>\n`);
console.log(`styles: ${minified.code.length} bytes of CSS, ${icons.length} icons`);
