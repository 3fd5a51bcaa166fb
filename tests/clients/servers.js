// The servers that the clients talk to: a real one with the models of the clone, and a real one whose model fails on
// request (tests/Konko.FaultHost). KONKO_URL and KONKO_FAULT_URL name ones that run already; else own ones are started.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export const chatModel = 'huggingfacetb/smollm2-135m-instruct';
export const embeddingModel = 'sentence-transformers/all-minilm-l6-v2';
export const faultModel = 'test/fault';

/** Starts what is not there yet. */
export async function startServers() {
  const started = [];
  const data = mkdtempSync(join(tmpdir(), 'konko-clients-'));
  const start = async (command, args, errors = 'inherit') => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', errors] });
    started.push(child);
    let out = '';
    for await (const piece of child.stdout) {
      out += piece;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out);
      if (url && out.includes('Ready')) return url[0];
    }
    throw new Error(`${command} ended: ${out}`);
  };
  const url = process.env.KONKO_URL ?? (await start(join(root, 'konko'), ['serve', '--port', '0', '--data', data]));
  // It logs what it was asked to fail at.
  const faultUrl = process.env.KONKO_FAULT_URL ?? (await start('dotnet', [join(root, 'tests/Konko.FaultHost/bin/Debug/net10.0/Konko.FaultHost.dll')], 'ignore'));
  return {
    url,
    faultUrl,
    stop() {
      for (const child of started) child.kill('SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** How many answers the failing model has given up, because nobody wanted them any more. */
export async function stopped(faultUrl) {
  const response = await fetch(`${faultUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: faultModel, messages: ask('count') }),
  });
  return Number((await response.json()).choices[0].message.content);
}

/** Waits until the failing model has given up one more answer than before; fails when it never does. */
export async function stoppedOneMore(faultUrl, before) {
  for (let i = 0; i < 500; i++) {
    if ((await stopped(faultUrl)) > before) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The server goes on with an answer that nobody wants.');
}

/** A conversation of one question. */
export const ask = (content) => [{ role: 'user', content }];

/** How an answer can break, and nothing that came before it make it a complete one. */
export const faults = ['fail after 3', 'fail after 0', 'throw after 3', 'vanish after 3', 'fail in a call'];

/** A tool that a model can be made to call, whatever it knows. */
export const weather = {
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', maxLength: 20 }, unit: { type: 'string', enum: ['c', 'f'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};
