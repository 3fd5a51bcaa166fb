// The guide: what its pages show in curl, JavaScript and Python is run as it stands, against a server. (C# is compiled
// by tests/Konko.House.Tests.) Blocks in other languages are no programs, or not Konko's: json, text, nginx, ini, dockerfile.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { ask, chatModel, startServers } from './servers.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const guide = fileURLToPath(new URL('../../docs/guide/', import.meta.url));
const blocks = (page, language) => [...readFileSync(guide + page, 'utf8').matchAll(/^```(\w*)[^\n]*\n(.*?)^```/gms)].filter((block) => block[1] === language).map((block) => block[2]);
const programs = {
  sh: (code) => ['bash', '-c', code],
  js: (code) => ['node', '--input-type=module', '-e', code],
  python: (code) => ['python3', '-c', code],
};
// Of the shell's blocks those that ask a server; what goes on with a stream needs that stream's id, and has tests of its own.
const runs = (language, code) => language !== 'sh' || (code.includes('curl ') && !/\/v1\/streams\/|"resumable"/.test(code));

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());

/** Runs a block; resolves to its exit status and what it wrote. */
const run = (language, code) => new Promise((resolve, reject) => {
  const there = code.replaceAll('http://localhost:5080', servers.url).replaceAll('mistralai/Mistral-7B-Instruct-v0.1', chatModel);
  const [command, ...args] = programs[language](there);
  const env = { ...process.env, KONKO_BASE_URL: `${servers.url}/v1`, PYTHONPATH: `${here}python`, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(command, args, { cwd: here, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (piece) => (out += piece));
  child.stderr.on('data', (piece) => (errors += piece));
  child.on('error', reject);
  child.on('close', (exit) => resolve({ exit, out, errors }));
});

describe('the guide', () => {
  for (const page of readdirSync(guide).filter((name) => name.endsWith('.md')).map((name) => basename(name))) {
    for (const language of Object.keys(programs)) {
      blocks(page, language).forEach((code, index) => {
        if (!runs(language, code)) return;
        test(`${page}: block ${index + 1} in ${language} runs`, async () => {
          const { exit, out, errors } = await run(language, code);
          assert.equal(exit, 0, errors);
          if (page !== 'errors.md') assert.doesNotMatch(out, /"error":\{/);
        });
      });
    }
  }

  test('errors.md shows the error that its request gets', async () => {
    const [request] = blocks('errors.md', 'sh');
    assert.equal((await run('sh', request)).out.trim(), blocks('errors.md', 'json')[0].trim());
  });

  test('determinism.md shows the fingerprint of the embedded model', async () => {
    const answer = await fetch(`${servers.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: chatModel, messages: ask('Hi'), max_tokens: 1 }),
    });
    assert.equal((await answer.json()).system_fingerprint, blocks('determinism.md', 'text')[0].trim());
  });
});
