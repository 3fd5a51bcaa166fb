namespace Konko.Engine.Gguf;

/// <summary>What stands before the tensor data of one file.</summary>
/// <param name="Version">2 or 3; they differ in nothing that matters here.</param>
/// <param name="Alignment">Tensor data start at multiples of this.</param>
/// <param name="Values">The metadata in file order.</param>
/// <param name="Tensors">The tensors in file order.</param>
internal sealed record GgufHeader(
    uint Version, uint Alignment, OrderedDictionary<string, GgufValue> Values, IReadOnlyList<GgufTensor> Tensors);

/// <summary>Reads and checks the headers of a model's files, one after the other, under limits that hold for all together.</summary>
internal sealed class GgufHeaderReader
{
    // Fewest bytes of a key with its value (length, one character, type, one byte) and of a tensor's description
    // (length, one character, count of dimensions, one dimension, type, offset).
    private const int KeyValueBytes = 8 + 1 + 4 + 1;
    private const int TensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

    private int _keysLeft = GgufLimits.Keys;
    private int _tensorsLeft = GgufLimits.Tensors;
    private int _nestedArraysLeft = GgufLimits.NestedArrays;

    /// <summary>Reads one file's header.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="shard">Its number within the model, from 0.</param>
    /// <exception cref="GgufException">It is not a GGUF file of versions 2 or 3, or broken.</exception>
    /// <exception cref="GgufBeginningException">More of the file is needed than is here.</exception>
    public GgufHeader Read(GgufBytes bytes, int shard)
    {
        var cursor = new GgufCursor(bytes);
        uint version = ReadVersion(cursor);
        int tensorCount = cursor.ReadCount("tensors", TensorBytes, _tensorsLeft);
        int keyCount = cursor.ReadCount("metadata keys", KeyValueBytes, _keysLeft);
        _tensorsLeft -= tensorCount;
        _keysLeft -= keyCount;

        var values = new OrderedDictionary<string, GgufValue>(keyCount, StringComparer.Ordinal);
        for (int i = 0; i < keyCount; i++)
        {
            cursor.Subject = $"metadata key {i}";
            long start = cursor.Position;
            string key = cursor.ReadName(GgufLimits.KeyBytes);
            cursor.Subject = $"key '{key}'";
            if (!values.TryAdd(key, ReadValue(cursor))) cursor.Fail("the key is there twice", start);
        }

        uint alignment = ReadAlignment(cursor, values);
        var tensors = new List<GgufTensor>(tensorCount);
        var names = new HashSet<string>(tensorCount, StringComparer.Ordinal);
        for (int i = 0; i < tensorCount; i++)
        {
            cursor.Subject = $"tensor {i}";
            long start = cursor.Position;
            string tensor = cursor.ReadName(GgufLimits.TensorNameBytes);
            cursor.Subject = $"tensor '{tensor}'";
            if (!names.Add(tensor)) cursor.Fail("the name is there twice", start);
            tensors.Add(ReadTensor(cursor, tensor, alignment, shard));
        }

        cursor.Subject = "header";
        return new GgufHeader(version, alignment, values, Place(cursor, tensors, alignment));
    }

    private static uint ReadVersion(GgufCursor cursor)
    {
        uint magic = cursor.ReadUInt32();
        if (magic != GgufFormat.Magic)
        {
            cursor.Fail(
                magic is GgufFormat.GgmlMagic or GgufFormat.GgmfMagic or GgufFormat.GgjtMagic
                    ? "it is an older GGML file, which Konko does not read; it reads GGUF versions 2 and 3"
                    : "it is not a GGUF file: it does not start with 'GGUF'",
                0);
        }

        uint version = cursor.ReadUInt32();
        if (version is 2 or 3) return version;
        if ((version & 0xffff) == 0 && version != 0) cursor.Fail("it is a big-endian GGUF file, which Konko does not read; it reads little-endian ones", 4);
        cursor.Fail($"it is GGUF version {version}, which Konko does not read; it reads versions 2 and 3", 4);
        return 0;
    }

    private static uint ReadAlignment(GgufCursor cursor, OrderedDictionary<string, GgufValue> values)
    {
        if (!values.TryGetValue(GgufFormat.AlignmentKey, out GgufValue value)) return GgufFormat.DefaultAlignment;
        cursor.Subject = $"key '{GgufFormat.AlignmentKey}'";
        if (value.Type != GgufValueType.UInt32) cursor.Fail($"the alignment must be UInt32, not {value.Describe()}");
        uint alignment = (uint)value.Bits;
        if (!uint.IsPow2(alignment) || alignment > GgufLimits.Alignment) cursor.Fail($"{alignment} is not a power of two up to {GgufLimits.Alignment}");
        return alignment;
    }

    private GgufValue ReadValue(GgufCursor cursor)
    {
        GgufValueType type = ReadType(cursor);
        ulong bits = 0;
        object? data = null;
        switch (type)
        {
            case GgufValueType.UInt8: bits = cursor.ReadByte(); break;
            case GgufValueType.Int8: bits = (ulong)(sbyte)cursor.ReadByte(); break;
            case GgufValueType.UInt16: bits = cursor.ReadUInt16(); break;
            case GgufValueType.Int16: bits = (ulong)(short)cursor.ReadUInt16(); break;
            case GgufValueType.Int32: bits = (ulong)(int)cursor.ReadUInt32(); break;
            case GgufValueType.UInt32 or GgufValueType.Float32: bits = cursor.ReadUInt32(); break;
            case GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64: bits = cursor.ReadUInt64(); break;
            case GgufValueType.Bool:
                bits = cursor.ReadByte();
                if (bits > 1) cursor.Fail($"a bool is 0 or 1, not {bits}", cursor.Position - 1);
                break;
            case GgufValueType.String: data = ReadString(cursor); break;
            default: return ReadArray(cursor, GgufLimits.ArrayDepth);
        }

        return new GgufValue(type, bits, data);
    }

    private static GgufValueType ReadType(GgufCursor cursor)
    {
        long start = cursor.Position;
        uint type = cursor.ReadUInt32();
        if (type > (uint)GgufValueType.Float64) cursor.Fail($"{type} is not a type of metadata", start);
        return (GgufValueType)type;
    }

    private static byte[] ReadString(GgufCursor cursor)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(cursor.ReadStringLength(Array.MaxLength));
        cursor.ReadExactly(bytes);
        return bytes;
    }

    private GgufValue ReadArray(GgufCursor cursor, int depth)
    {
        GgufValueType type = ReadType(cursor);
        object data = type switch
        {
            GgufValueType.UInt8 => cursor.ReadArray<byte>(),
            GgufValueType.Int8 => cursor.ReadArray<sbyte>(),
            GgufValueType.UInt16 => cursor.ReadArray<ushort>(),
            GgufValueType.Int16 => cursor.ReadArray<short>(),
            GgufValueType.UInt32 => cursor.ReadArray<uint>(),
            GgufValueType.Int32 => cursor.ReadArray<int>(),
            GgufValueType.UInt64 => cursor.ReadArray<ulong>(),
            GgufValueType.Int64 => cursor.ReadArray<long>(),
            GgufValueType.Float32 => cursor.ReadArray<float>(),
            GgufValueType.Float64 => cursor.ReadArray<double>(),
            GgufValueType.Bool => ReadBools(cursor),
            GgufValueType.String => ReadStrings(cursor),
            _ => ReadNestedArrays(cursor, depth - 1),
        };
        return new GgufValue(GgufValueType.Array, 0, data, type);
    }

    // The elements stay bytes: an array of bool whose bytes came from a file could hold neither true nor false.
    private static byte[] ReadBools(GgufCursor cursor)
    {
        byte[] bytes = cursor.ReadArray<byte>();
        int bad = bytes.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (bad >= 0) cursor.Fail($"a bool is 0 or 1, not {bytes[bad]}", cursor.Position - bytes.Length + bad);
        return bytes;
    }

    // Two passes: the first measures, so that the buffer is allocated once and exactly.
    private static GgufStringArray ReadStrings(GgufCursor cursor)
    {
        int count = cursor.ReadCount("strings", sizeof(ulong), Array.MaxLength - 1);
        int[] offsets = new int[count + 1];
        long start = cursor.Position;
        for (int i = 0; i < count; i++)
        {
            int length = cursor.ReadStringLength(Array.MaxLength - offsets[i]);
            cursor.Skip(length);
            offsets[i + 1] = offsets[i] + length;
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>(offsets[count]);
        cursor.Seek(start);
        for (int i = 0; i < count; i++)
        {
            cursor.Skip(sizeof(ulong));
            cursor.ReadExactly(bytes.AsSpan(offsets[i], offsets[i + 1] - offsets[i]));
        }

        return new GgufStringArray(bytes, offsets);
    }

    private GgufValue[] ReadNestedArrays(GgufCursor cursor, int depth)
    {
        if (depth == 0) cursor.Fail($"arrays nest deeper than {GgufLimits.ArrayDepth}");
        int count = cursor.ReadCount("arrays within arrays", sizeof(uint) + sizeof(ulong), _nestedArraysLeft);
        _nestedArraysLeft -= count;
        var arrays = new GgufValue[count];
        for (int i = 0; i < count; i++) arrays[i] = ReadArray(cursor, depth);
        return arrays;
    }

    // The offset is still relative to the start of the data, which is known only after the last tensor.
    private static GgufTensor ReadTensor(GgufCursor cursor, string name, uint alignment, int shard)
    {
        long start = cursor.Position;
        uint rank = cursor.ReadUInt32();
        if (rank is 0 or > GgufLimits.Dimensions) cursor.Fail($"{rank} dimensions, a tensor has 1 to {GgufLimits.Dimensions}", start);
        long[] dimensions = new long[rank];
        long elements = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            ulong dimension = cursor.ReadUInt64();
            if (dimension == 0) cursor.Fail($"dimension {i} is 0", cursor.Position - sizeof(ulong));
            if (dimension > (ulong)(long.MaxValue / elements)) cursor.Fail("the product of its dimensions overflows", start);
            dimensions[i] = (long)dimension;
            elements *= (long)dimension;
        }

        uint type = cursor.ReadUInt32();
        GgmlTypeInfo? layout = GgmlTypeInfo.Find((GgmlType)type);
        if (layout is null)
        {
            cursor.Fail($"it has type {GgmlTypeInfo.Unreadable((GgmlType)type)}", cursor.Position - sizeof(uint));
            return null;
        }

        if (dimensions[0] % layout.BlockElements != 0)
        {
            cursor.Fail($"its rows of {dimensions[0]} elements are not whole blocks of {layout.BlockElements}, the block of {layout.Type}", start);
        }

        ulong offset = cursor.ReadUInt64();
        long blocks = elements / layout.BlockElements;
        if (blocks > cursor.Length / layout.BlockBytes || offset > (ulong)cursor.Length)
        {
            cursor.Fail($"{elements} elements of {layout.Type} at offset {offset} of the data run past the end of the file, which has {cursor.Length} bytes", start);
        }

        if (offset % alignment != 0) cursor.Fail($"its offset {offset} is not a multiple of the alignment {alignment}", cursor.Position - sizeof(ulong));
        return new GgufTensor(name, dimensions, layout, (long)offset, blocks * layout.BlockBytes, shard);
    }

    // Tensors may not share bytes: a small file could otherwise stand for any amount of weights.
    private static List<GgufTensor> Place(GgufCursor cursor, List<GgufTensor> tensors, uint alignment)
    {
        long dataStart = GgufFormat.Align(cursor.Position, alignment);
        var byOffset = new List<GgufTensor>(tensors);
        byOffset.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        GgufTensor? previous = null;
        foreach (GgufTensor tensor in byOffset)
        {
            cursor.Subject = $"tensor '{tensor.Name}'";
            if (previous is not null && tensor.Offset < previous.Offset + previous.ByteLength)
            {
                cursor.Fail($"it overlaps with tensor '{previous.Name}'", dataStart + tensor.Offset);
            }

            if (tensor.ByteLength > cursor.Length - dataStart - tensor.Offset)
            {
                cursor.Fail($"its {tensor.ByteLength} bytes run past the end of the file, which has {cursor.Length} bytes", dataStart + tensor.Offset);
            }

            previous = tensor;
        }

        return tensors.ConvertAll(t => new GgufTensor(t.Name, (long[])t.Dimensions, t.Layout, dataStart + t.Offset, t.ByteLength, t.Shard));
    }
}
