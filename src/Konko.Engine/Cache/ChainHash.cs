using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Konko.Engine.Cache;

/// <summary>SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012), under a random key of the process's own.</summary>
/// <remarks>The key keeps a client from choosing prompts that collide. No answer depends on it: hits compare the tokens.</remarks>
internal sealed class ChainHash(ulong key0, ulong key1)
{
    /// <summary>A hash under a fresh random key.</summary>
    public static ChainHash CreateRandom()
    {
        Span<byte> key = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(key); // the system's random source, without loading a crypto library
        return new ChainHash(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    /// <summary>The hash of a page's tokens behind the hash of all tokens before them.</summary>
    public UInt128 Extend(UInt128 previous, ReadOnlySpan<int> tokens)
    {
        Span<byte> message = stackalloc byte[16 + KvLayout.PagePositions * sizeof(int)];
        BinaryPrimitives.WriteUInt128LittleEndian(message, previous);
        for (int i = 0; i < KvLayout.PagePositions; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(message[(16 + i * sizeof(int))..], tokens[i]);
        }

        return Compute(message);
    }

    /// <summary>The hash of any bytes, low half first as in the reference.</summary>
    public UInt128 Compute(ReadOnlySpan<byte> message)
    {
        var state = new State(key0, key1);
        int whole = message.Length & ~7;
        for (int i = 0; i < whole; i += 8) state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(message[i..]));

        ulong last = (ulong)message.Length << 56;
        for (int i = whole; i < message.Length; i++) last |= (ulong)message[i] << (8 * (i - whole));
        state.Absorb(last);
        return state.Finish();
    }

    [StructLayout(LayoutKind.Auto)]
    private struct State
    {
        private ulong _v0, _v1, _v2, _v3;

        public State(ulong key0, ulong key1)
        {
            _v0 = key0 ^ 0x736f6d6570736575;
            _v1 = key1 ^ 0x646f72616e646f6d ^ 0xee;
            _v2 = key0 ^ 0x6c7967656e657261;
            _v3 = key1 ^ 0x7465646279746573;
        }

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Rounds(2);
            _v0 ^= word;
        }

        public UInt128 Finish()
        {
            _v2 ^= 0xee;
            Rounds(4);
            ulong low = _v0 ^ _v1 ^ _v2 ^ _v3;
            _v1 ^= 0xdd;
            Rounds(4);
            return new UInt128(_v0 ^ _v1 ^ _v2 ^ _v3, low);
        }

        private void Rounds(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _v0 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
