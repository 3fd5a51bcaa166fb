// What a browser asks before it lets a page talk to the server, and what it lets the page see then.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { ask, chatModel, startServers } from './servers.js';

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());

const send = (path, method, headers, body) => new Promise((resolve, reject) => {
  const call = request(servers.url + path, { method, headers }, (response) => {
    let text = '';
    response.on('data', (piece) => (text += piece));
    response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
  });
  call.on('error', reject);
  call.end(body);
});
const page = 'http://localhost:3000';
const wanted = 'authorization,content-type,x-stainless-lang,x-stainless-retry-count';
const preflight = (origin, path = '/v1/chat/completions') =>
  send(path, 'OPTIONS', { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': wanted });

describe('a browser', () => {
  test('may ask for a page of this machine, with the headers that SDKs send', async () => {
    for (const path of ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/embeddings', '/v1/models']) {
      const answer = await preflight(page, path);
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], page);
      const allowed = answer.headers['access-control-allow-headers'].split(/, */).map((name) => name.toLowerCase());
      for (const name of wanted.split(',')) assert.ok(allowed.includes(name), name);
      assert.match(answer.headers['access-control-allow-methods'], /POST/);
    }
  });

  test('may not for a page of another', async () => {
    const answer = await preflight('https://evil.example');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  test('shows the page the answer, streamed too, and its headers', async () => {
    for (const stream of [false, true]) {
      const body = JSON.stringify({ model: chatModel, messages: ask('Hello'), max_tokens: 4, stream });
      const answer = await send('/v1/chat/completions', 'POST', { Origin: page, 'Content-Type': 'application/json', Authorization: 'Bearer any' }, body);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['access-control-allow-origin'], page);
      const exposed = answer.headers['access-control-expose-headers'].toLowerCase();
      for (const name of ['x-request-id', 'retry-after', 'x-konko-seed']) assert.ok(exposed.includes(name), name);
    }
  });

  test('shows the page an error as well', async () => {
    const answer = await send('/v1/chat/completions', 'POST', { Origin: page, 'Content-Type': 'application/json' }, '{}');
    assert.equal(answer.status, 400);
    assert.equal(answer.headers['access-control-allow-origin'], page);
  });
});
