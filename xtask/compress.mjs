// Writes a brotli and a gzip twin beside every file worth it below a folder: node xtask/compress.mjs FOLDER
// Prints the sizes, as they are and compressed, of what a browser loads first.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, extname, relative } from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const WORTH_IT = new Set([".css", ".html", ".ico", ".js", ".json", ".map", ".mjs", ".otf", ".svg", ".ttf", ".txt", ".wasm", ".webmanifest", ".xml"]);

const folder = process.argv[2];
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && WORTH_IT.has(extname(entry.name))).map((entry) => join(entry.parentPath ?? entry.path, entry.name));

await Promise.all(files.map(async (file) => {
  const content = await readFile(file);
  const [small, smaller] = await Promise.all([
    gzip(content, { level: 9 }),
    brotli(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  ]);
  if (small.length < content.length) await writeFile(`${file}.gz`, small);
  if (smaller.length < content.length) await writeFile(`${file}.br`, smaller);
  console.log(`${relative(folder, file)}: ${content.length} bytes, gzip ${small.length}, brotli ${smaller.length}`);
}));
