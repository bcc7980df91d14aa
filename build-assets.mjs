// Builds app/web/assets into app/web/static: `npm run build`, or `make setup`, which calls it.
//
// Each file is named after its content (main.1a2b3c4d5e.css), so that a browser may keep it for ever; manifest.json says
// which name is the present one. Beside each lies a .gz, compressed once, as hard as it goes, for the server to send as it is.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const root = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(root, "app/web/assets");
const target = path.join(root, "app/web/static");

async function styles() {
  const { css } = await sass.compileAsync(path.join(source, "main.scss"), {
    loadPaths: [path.join(root, "node_modules/govuk-frontend/dist")],
    quietDeps: true,
    fatalDeprecations: ["import"],
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, legalComments: "none" });
  return code;
}

async function script() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(source, "main.js")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2017", // about the oldest browsers that load modules; older ones get the pages without script
    legalComments: "none",
    write: false,
  });
  return outputFiles[0].text;
}

async function write(name, content) {
  const temporary = path.join(target, `.${name}.${process.pid}`);
  await writeFile(temporary, content);
  await rename(temporary, path.join(target, name)); // a running server never sees half a file
}

const built = {
  "main.css": await styles(),
  "main.js": await script(),
  "icon.svg": await readFile(path.join(source, "icon.svg"), "utf8"),
};

await mkdir(target, { recursive: true });
const manifest = {};
const sizes = [];
for (const [name, content] of Object.entries(built)) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const compressed = gzipSync(content, { level: 9 });
  manifest[name] = `${stem}.${hash}${ext}`;
  await write(manifest[name], content);
  await write(`${manifest[name]}.gz`, compressed);
  sizes.push(`${name} ${(compressed.length / 1024).toFixed(1)} KB`);
}
await write("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);

const wanted = new Set(["manifest.json", ...Object.values(manifest).flatMap((name) => [name, `${name}.gz`])]);
for (const name of await readdir(target)) {
  if (!wanted.has(name)) await rm(path.join(target, name), { recursive: true });
}
console.log(`  built, compressed: ${sizes.join(", ")}`);
