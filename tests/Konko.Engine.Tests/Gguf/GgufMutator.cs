using System.Buffers.Binary;

namespace Konko.Engine.Tests.Gguf;

/// <summary>
/// Makes damaged and hostile variants of a good GGUF file: counts, lengths, types, shapes, offsets, numbers and texts
/// changed where they stand, entries doubled, removed, renamed or exchanged, bytes put in or taken out, files cut.
/// The variant of a number is always the same.
/// </summary>
public sealed class GgufMutator
{
    private readonly byte[] _original;
    private readonly GgufFieldMap _map;
    private readonly int _seed;

    /// <summary>A mutator of one file.</summary>
    /// <param name="original">All bytes of a good file.</param>
    /// <param name="seed">Another seed makes other variants.</param>
    public GgufMutator(byte[] original, int seed)
    {
        _original = original;
        _map = new GgufFieldMap(original);
        _seed = seed;
    }

    /// <summary>A variant, changed in one to three places.</summary>
    /// <param name="number">Which one.</param>
    /// <returns>Its bytes, and what was done, for messages.</returns>
    public (byte[] Bytes, string Description) Mutate(int number)
    {
        var random = new Random(HashCode(_seed, number));
        byte[] bytes = _original;
        var done = new List<string>();
        for (int left = random.Next(4) == 0 ? 3 : 1; left > 0; left--)
        {
            // The map holds for the file's own length only; what moves bytes comes last.
            bool moves = left == 1 && random.Next(3) == 0;
            bytes = moves ? Move(bytes, random, done) : Change([.. bytes], random, done);
        }

        return (bytes, $"variant {number} of seed {_seed}: {string.Join("; ", done)}");
    }

    private byte[] Change(byte[] bytes, Random random, List<string> done)
    {
        switch (random.Next(12))
        {
            case 0:
                int bit = random.Next(8);
                int at = random.Next(random.Next(4) == 0 ? bytes.Length : _map.HeaderBytes);
                bytes[at] ^= (byte)(1 << bit);
                done.Add($"bit {bit} of byte {at} flipped");
                return bytes;
            case 1:
                (int Offset, int Length) a = Entry(random);
                (int Offset, int Length) b = Entry(random);
                int both = Math.Min(a.Length, b.Length);
                bytes.AsSpan(b.Offset, both).CopyTo(bytes.AsSpan(a.Offset));
                done.Add($"{both} bytes at {a.Offset} overwritten by those at {b.Offset}");
                return bytes;
            default:
                GgufField field = Pick(random);
                Span<byte> place = bytes.AsSpan(field.Offset, field.Length);
                Rewrite(place, field.Kind, random);
                done.Add($"{field.Kind} of '{field.Owner}' at {field.Offset} set to {Convert.ToHexString(place[..Math.Min(place.Length, 16)])}");
                return bytes;
        }
    }

    private byte[] Move(byte[] bytes, Random random, List<string> done)
    {
        GgufField field = Pick(random);
        switch (random.Next(5))
        {
            case 0:
                int cut = Math.Clamp(field.Offset + random.Next(-1, field.Length + 1), 0, bytes.Length);
                done.Add($"cut to {cut} bytes, within {field.Kind} of '{field.Owner}'");
                return bytes[..cut];
            case 1:
                int rest = random.Next(bytes.Length);
                done.Add($"cut to {rest} bytes");
                return bytes[..rest];
            case 2:
                byte[] inserted = new byte[random.Next(1, 40)];
                random.NextBytes(inserted);
                done.Add($"{inserted.Length} bytes put in at {field.Offset}");
                return [.. bytes[..field.Offset], .. inserted, .. bytes[field.Offset..]];
            case 3:
                int removed = Math.Min(random.Next(1, 40), bytes.Length - field.Offset);
                done.Add($"{removed} bytes taken out at {field.Offset}");
                return [.. bytes[..field.Offset], .. bytes[(field.Offset + removed)..]];
            default:
                return Repeat(bytes, random, done);
        }
    }

    // A key or tensor once more or once less, with its count, so that all that follows still reads well.
    private byte[] Repeat(byte[] bytes, Random random, List<string> done)
    {
        bool tensor = random.Next(2) == 0;
        List<(int Offset, int Length)> entries = tensor ? _map.Tensors : _map.KeyValues;
        (int offset, int length) = entries[random.Next(entries.Count)];
        bool more = random.Next(2) == 0;
        byte[] result = more
            ? [.. bytes[..offset], .. bytes[offset..(offset + length)], .. bytes[offset..]]
            : [.. bytes[..offset], .. bytes[(offset + length)..]];
        int count = tensor ? 8 : 16;
        ulong old = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(count));
        BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(count), more ? old + 1 : old - 1);
        done.Add($"{(tensor ? "tensor" : "key")} at {offset} {(more ? "doubled" : "removed")}");
        return result;
    }

    private void Rewrite(Span<byte> place, GgufFieldKind kind, Random random)
    {
        switch (kind)
        {
            case GgufFieldKind.Text:
                Garble(place, random);
                return;
            case GgufFieldKind.Elements or GgufFieldKind.TensorData:
                int start = random.Next(place.Length);
                Garble(place.Slice(start, Math.Min(place.Length - start, random.Next(1, 64))), random);
                return;
            case GgufFieldKind.Float:
                Write(place, place.Length == 4 ? BitConverter.SingleToUInt32Bits((float)Number(random)) : BitConverter.DoubleToUInt64Bits(Number(random)));
                return;
            case GgufFieldKind.ValueType:
                Write(place, (ulong)random.Next(random.Next(4) == 0 ? int.MaxValue : 14));
                return;
            case GgufFieldKind.TensorType:
                Write(place, (ulong)random.Next(random.Next(4) == 0 ? int.MaxValue : 44));
                return;
            case GgufFieldKind.Padding:
                random.NextBytes(place);
                return;
            default:
                Write(place, Integer(place, random));
                return;
        }
    }

    // Numbers near the old one and near every border that code might have.
    private ulong Integer(ReadOnlySpan<byte> place, Random random)
    {
        ulong old = 0;
        for (int i = 0; i < place.Length; i++) old |= (ulong)place[i] << (8 * i);
        return random.Next(12) switch
        {
            0 => 0,
            1 => 1,
            2 => old + 1,
            3 => old - 1,
            4 => old * 2,
            5 => old / 2,
            6 => ulong.MaxValue >> random.Next(64),
            7 => 1ul << random.Next(64),
            8 => (ulong)_original.Length + (ulong)random.Next(-40, 40),
            9 => (ulong)(_original.Length - _map.HeaderBytes) + (ulong)random.Next(-40, 40),
            10 => (ulong)random.Next(256),
            _ => (ulong)random.NextInt64(),
        };
    }

    private static double Number(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => 0,
        4 => -1,
        5 => 1e38,
        6 => 1e-42,
        _ => random.NextDouble() * 1e6,
    };

    private static void Garble(Span<byte> place, Random random)
    {
        switch (random.Next(4))
        {
            case 0: random.NextBytes(place); break;
            case 1: place[random.Next(place.Length)] = (byte)random.Next(256); break;
            case 2: place.Fill((byte)random.Next(256)); break;
            default: place[random.Next(place.Length)] ^= 0x20; break;
        }
    }

    private static void Write(Span<byte> place, ulong value)
    {
        for (int i = 0; i < place.Length; i++) place[i] = (byte)(i < 8 ? value >> (8 * i) : 0);
    }

    // By kind first, else the many texts of the vocabulary would crowd out everything else.
    private GgufField Pick(Random random)
    {
        GgufFieldKind[] kinds = [.. _map.Fields.Select(field => field.Kind).Distinct()];
        GgufFieldKind kind = kinds[random.Next(kinds.Length)];

        // The first eight bytes decide everything and are checked first; one hit in many is enough.
        if (kind is GgufFieldKind.Magic or GgufFieldKind.Version) kind = kinds[random.Next(kinds.Length)];
        GgufField[] fields = [.. _map.Fields.Where(field => field.Kind == kind)];
        return fields[random.Next(fields.Length)];
    }

    private (int Offset, int Length) Entry(Random random)
    {
        List<(int, int)> entries = random.Next(2) == 0 ? _map.Tensors : _map.KeyValues;
        return entries[random.Next(entries.Count)];
    }

    // System.HashCode is salted anew in every process.
    private static int HashCode(int seed, int number) => unchecked((int)(((uint)seed * 0x9e3779b1u) ^ ((uint)number * 0x85ebca77u)));
}
