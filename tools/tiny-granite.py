#!/usr/bin/env python3
"""Writes the tiny random granite: width 64, 4 heads, 1 KV head, 2 layers, the vocabulary of tiny/llama.gguf. usage: granite.py LLAMA.gguf OUT.gguf"""
import random, struct, sys
source, out = sys.argv[1], sys.argv[2]
data = open(source, "rb").read()
at = 24
F = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
def skip(kind, at):
    if kind == 8: return at + 8 + struct.unpack_from("<Q", data, at)[0]
    if kind != 9: return at + F[kind]
    inner, count = struct.unpack_from("<IQ", data, at)
    at += 12
    for _ in range(count): at = skip(inner, at)
    return at
string = lambda s: struct.pack("<Q", len(s.encode())) + s.encode()
keys = []
for _ in range(struct.unpack_from("<Q", data, 16)[0]):
    start = at
    length = struct.unpack_from("<Q", data, at)[0]
    name = data[at + 8:at + 8 + length].decode()
    at += 8 + length
    at = skip(struct.unpack_from("<I", data, at)[0], at + 4)
    if name.startswith("tokenizer."): keys.append(data[start:at])
u32 = lambda k, v: string(k) + struct.pack("<II", 4, v)
f32 = lambda k, v: string(k) + struct.pack("<If", 6, v)
text = lambda k, v: string(k) + struct.pack("<I", 8) + string(v)
WIDTH, HEADS, KV, FEED, VOCAB, LAYERS = 64, 4, 1, 64, 319, 2
keys = [text("general.architecture", "granite"), text("general.name", "tiny"), text("general.type", "model"), u32("general.file_type", 0),
    u32("granite.block_count", LAYERS), u32("granite.context_length", 512), u32("granite.embedding_length", WIDTH), u32("granite.feed_forward_length", FEED),
    u32("granite.attention.head_count", HEADS), u32("granite.attention.head_count_kv", KV), f32("granite.attention.layer_norm_rms_epsilon", 1e-5),
    f32("granite.rope.freq_base", 10000), u32("granite.rope.dimension_count", 16), u32("granite.vocab_size", VOCAB),
    f32("granite.embedding_scale", 12), f32("granite.residual_scale", 0.22), f32("granite.attention.scale", 0.4), f32("granite.logit_scale", 0.7)] + keys
rng = random.Random(4)
tensors = [("token_embd.weight", (WIDTH, VOCAB), 0.2), ("output_norm.weight", (WIDTH,), 0)]
for i in range(LAYERS):
    p = f"blk.{i}."
    tensors += [(p + "attn_norm.weight", (WIDTH,), 0), (p + "attn_q.weight", (WIDTH, WIDTH), 0.2), (p + "attn_k.weight", (WIDTH, 16 * KV), 0.2),
        (p + "attn_v.weight", (WIDTH, 16 * KV), 0.3), (p + "attn_output.weight", (WIDTH, WIDTH), 0.5), (p + "ffn_norm.weight", (WIDTH,), 0),
        (p + "ffn_gate.weight", (WIDTH, FEED), 0.3), (p + "ffn_up.weight", (WIDTH, FEED), 0.3), (p + "ffn_down.weight", (FEED, WIDTH), 0.4)]
infos, bodies, offset = b"", b"", 0
for name, dims, scale in tensors:
    count = dims[0] * (dims[1] if len(dims) > 1 else 1)
    body = struct.pack(f"<{count}f", *(rng.gauss(0, scale) if scale else rng.uniform(0.7, 1.3) for _ in range(count)))
    infos += string(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, 0, offset)
    bodies += body + b"\0" * (-len(body) % 32)
    offset = len(bodies)
head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys)) + b"".join(keys) + infos
open(out, "wb").write(head + b"\0" * (-len(head) % 32) + bodies)
