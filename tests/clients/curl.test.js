// curl: what its exit status says of an answer.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { ask, chatModel, embeddingModel, faultModel, faults, startServers, stopped, stoppedOneMore, weather } from './servers.js';

const incomplete = 18; // CURLE_PARTIAL_FILE: the body ended before its end

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());

/** Posts with curl; resolves to its exit status, the status of the answer, and the body. */
const post = (url, body) => new Promise((resolve) => {
  const args = ['-sS', '-N', '--max-time', '120', '-w', '\n%{http_code}', url, '-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  execFile('curl', args, (error, stdout) => {
    const at = stdout.lastIndexOf('\n');
    resolve({ exit: error ? error.code : 0, status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) });
  });
});
const events = (body) => body.split('\n').filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
const chat = { model: chatModel, messages: ask('Name three colours of the rainbow.'), max_tokens: 24, seed: 11 };

describe('curl', () => {
  test('gets a chat streamed and whole', async () => {
    const whole = await post(`${servers.url}/v1/chat/completions`, { ...chat, logprobs: true });
    const streamed = await post(`${servers.url}/v1/chat/completions`, { ...chat, logprobs: true, stream: true });
    assert.deepEqual([whole.exit, whole.status, streamed.exit, streamed.status], [0, 200, 0, 200]);
    const data = events(streamed.body);
    assert.equal(data.pop(), '[DONE]');
    const answer = JSON.parse(whole.body).choices[0];
    assert.equal(data.map((line) => JSON.parse(line).choices[0].delta.content).join(''), answer.message.content);
    assert.deepEqual(data.flatMap((line) => JSON.parse(line).choices[0].logprobs?.content ?? []), answer.logprobs.content);
  });

  test('gets calls and what a schema describes', async () => {
    const call = await post(`${servers.url}/v1/chat/completions`, { ...chat, max_tokens: 100, tools: [{ type: 'function', function: weather }], tool_choice: 'required' });
    assert.match(JSON.parse(call.body).choices[0].message.tool_calls[0].function.arguments, /^\{"city": ?".*", ?"unit": ?"[cf]"\}$/);
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false };
    const answer = await post(`${servers.url}/v1/chat/completions`, { ...chat, response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } });
    assert.match(JSON.parse(answer.body).choices[0].message.content, /^\{"ok": ?(true|false)\}$/);
  });

  test('gets embeddings', async () => {
    const answer = await post(`${servers.url}/v1/embeddings`, { model: embeddingModel, input: 'one' });
    assert.equal(JSON.parse(answer.body).data[0].embedding.length, 384);
  });

  test('gets each error with its status', async () => {
    for (const status of [400, 401, 403, 404, 429, 500, 503]) {
      const answer = await post(`${servers.faultUrl}/v1/chat/completions`, { model: faultModel, messages: ask(`refuse ${status}`), stream: true });
      assert.equal(answer.status, status);
      assert.deepEqual(Object.keys(JSON.parse(answer.body).error), ['message', 'type', 'param', 'code']);
    }
  });

  for (const fault of faults) {
    test(`is told of "${fault}" in mid-stream by an event, no [DONE], and a body without an end`, async () => {
      for (const [path, input] of [['chat/completions', { messages: ask(fault) }], ['completions', { prompt: fault }], ['responses', { input: fault }]]) {
        const answer = await post(`${servers.faultUrl}/v1/${path}`, { model: faultModel, ...input, stream: true });
        assert.equal(answer.exit, incomplete);
        const last = events(answer.body).at(-1);
        assert.equal(JSON.parse(last).error.type, 'server_error');
        assert.ok(!last.includes('for nobody') && !answer.body.includes('[DONE]'));
      }
    });
  }

  test('stops the work when it goes away', async () => {
    const before = await stopped(servers.faultUrl);
    const body = JSON.stringify({ model: faultModel, messages: ask('go on'), stream: true });
    const child = spawn('curl', ['-sN', `${servers.faultUrl}/v1/chat/completions`, '-H', 'Content-Type: application/json', '-d', body]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await stoppedOneMore(servers.faultUrl, before);
  });
});
