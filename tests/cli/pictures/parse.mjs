import { JSDOM } from 'jsdom';
import fs from 'fs';
const dom = new JSDOM('<body></body>');
globalThis.window = dom.window; globalThis.document = dom.window.document;
const mermaid = (await import('mermaid')).default;
mermaid.initialize({startOnLoad:false});
let bad = 0, n = 0;
for (const f of process.argv.slice(2)) {
  let text = fs.readFileSync(f,'utf8');
  let blocks = text.startsWith('erDiagram') ? [text] : [...text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(m=>m[1]);
  for (const b of blocks) {
    n++;
    if (b.length > 50000) { console.log(f, 'too long', b.length); bad++; }
    try { await mermaid.parse(b); } catch (e) { bad++; console.log(f, String(e.message).slice(0,400)); }
  }
}
console.log(n, 'diagrams', bad, 'bad');
process.exit(bad?1:0);
