import fs from 'fs';
import { createRequire } from 'module';
const require = createRequire(import.meta.url);
const { Parser } = require('@dbml/core');
let bad=0,n=0;
for (const f of process.argv.slice(2)) { n++; try { new Parser().parse(fs.readFileSync(f,'utf8'), 'dbmlv2'); } catch (e) { bad++; console.log(f, JSON.stringify(e.diags? e.diags.slice(0,2): String(e)).slice(0,500)); } }
console.log(n,'files',bad,'bad');
