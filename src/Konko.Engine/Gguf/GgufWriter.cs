using System.Buffers.Binary;
using System.Text;

namespace Konko.Engine.Gguf;

/// <summary>Writes a GGUF file, version 3: metadata and tensors in the order they were given.</summary>
public sealed class GgufWriter
{
    private readonly OrderedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);
    private readonly List<(GgufTensor Tensor, Action<Stream> Write)> _tensors = [];

    /// <summary>Sets a string.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="value">The value.</param>
    public void Set(string key, string value) => _values[key] = new GgufValue(GgufValueType.String, 0, Encoding.UTF8.GetBytes(value));

    /// <summary>Sets a UInt32; <c>general.alignment</c> is one.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="value">The value.</param>
    public void Set(string key, uint value) => _values[key] = new GgufValue(GgufValueType.UInt32, value);

    /// <summary>Sets an Int32.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="value">The value.</param>
    public void Set(string key, int value) => _values[key] = new GgufValue(GgufValueType.Int32, (ulong)value);

    /// <summary>Sets a Float32.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="value">The value.</param>
    public void Set(string key, float value) => _values[key] = new GgufValue(GgufValueType.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Sets a Bool.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="value">The value.</param>
    public void Set(string key, bool value) => _values[key] = new GgufValue(GgufValueType.Bool, value ? 1ul : 0);

    /// <summary>Sets an array of strings.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="values">The strings.</param>
    public void Set(string key, IReadOnlyList<string> values)
    {
        byte[][] strings = [.. values.Select(Encoding.UTF8.GetBytes)];
        int[] offsets = new int[strings.Length + 1];
        for (int i = 0; i < strings.Length; i++) offsets[i + 1] = checked(offsets[i] + strings[i].Length);
        _values[key] = new GgufValue(GgufValueType.Array, 0, new GgufStringArray([.. strings.SelectMany(s => s)], offsets), GgufValueType.String);
    }

    /// <summary>Sets an array of Int32.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="values">The numbers.</param>
    public void Set(string key, ReadOnlySpan<int> values) => _values[key] = new GgufValue(GgufValueType.Array, 0, values.ToArray(), GgufValueType.Int32);

    /// <summary>Sets an array of Float32.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="values">The numbers.</param>
    public void Set(string key, ReadOnlySpan<float> values) => _values[key] = new GgufValue(GgufValueType.Array, 0, values.ToArray(), GgufValueType.Float32);

    /// <summary>Takes over all keys of another file, of every type.</summary>
    /// <param name="source">The other file's metadata.</param>
    public void CopyMetadata(GgufMetadata source)
    {
        foreach ((string key, GgufValue value) in source.Values) _values[key] = value;
    }

    /// <summary>Sets a value of any type.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="value">The value.</param>
    internal void Set(string key, GgufValue value) => _values[key] = value;

    /// <summary>Removes a key; nothing happens where it is missing.</summary>
    /// <param name="key">The whole key.</param>
    public void Remove(string key) => _values.Remove(key);

    /// <summary>Adds a tensor whose bytes are at hand.</summary>
    /// <param name="name">Unique name, at most 64 bytes of UTF-8.</param>
    /// <param name="type">A type that Konko reads.</param>
    /// <param name="dimensions">One to four dimensions, the contiguous one first.</param>
    /// <param name="data">The rows' bytes.</param>
    public void AddTensor(string name, GgmlType type, IReadOnlyList<long> dimensions, ReadOnlyMemory<byte> data)
        => AddTensor(name, type, dimensions, stream => stream.Write(data.Span));

    /// <summary>Adds a tensor whose bytes are made when the file is written.</summary>
    /// <param name="name">Unique name, at most 64 bytes of UTF-8.</param>
    /// <param name="type">A type that Konko reads.</param>
    /// <param name="dimensions">One to four dimensions, the contiguous one first.</param>
    /// <param name="write">Writes exactly the rows' bytes.</param>
    public void AddTensor(string name, GgmlType type, IReadOnlyList<long> dimensions, Action<Stream> write)
    {
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        long rows = 1;
        foreach (long dimension in dimensions.Skip(1)) rows = checked(rows * dimension);
        long bytes = checked(rows * layout.RowBytes(dimensions[0]));
        _tensors.Add((new GgufTensor(name, [.. dimensions], layout, 0, bytes, 0), write));
    }

    /// <summary>Writes the file.</summary>
    /// <param name="stream">A stream that can seek, at its start.</param>
    /// <exception cref="InvalidOperationException">A tensor's bytes were not as many as its shape asks for.</exception>
    public void Write(Stream stream)
    {
        uint alignment = _values.TryGetValue(GgufFormat.AlignmentKey, out GgufValue value) ? (uint)value.Bits : GgufFormat.DefaultAlignment;
        WriteUInt32(stream, GgufFormat.Magic);
        WriteUInt32(stream, 3);
        WriteUInt64(stream, (ulong)_tensors.Count);
        WriteUInt64(stream, (ulong)_values.Count);
        foreach ((string key, GgufValue entry) in _values)
        {
            WriteString(stream, Encoding.UTF8.GetBytes(key));
            WriteUInt32(stream, (uint)entry.Type);
            WriteValue(stream, entry);
        }

        long offset = 0;
        foreach ((GgufTensor tensor, _) in _tensors)
        {
            WriteString(stream, Encoding.UTF8.GetBytes(tensor.Name));
            WriteUInt32(stream, (uint)tensor.Dimensions.Count);
            foreach (long dimension in tensor.Dimensions) WriteUInt64(stream, (ulong)dimension);
            WriteUInt32(stream, (uint)tensor.Type);
            WriteUInt64(stream, (ulong)offset);
            offset = GgufFormat.Align(offset + tensor.ByteLength, alignment);
        }

        Pad(stream, alignment);
        foreach ((GgufTensor tensor, Action<Stream> write) in _tensors)
        {
            long start = stream.Position;
            write(stream);
            long written = stream.Position - start;
            if (written != tensor.ByteLength) throw new InvalidOperationException($"Tensor {tensor} has {tensor.ByteLength} bytes, not the {written} written.");
            Pad(stream, alignment);
        }
    }

    private static void WriteValue(Stream stream, GgufValue value)
    {
        switch (value.Type)
        {
            case GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool: WriteLow(stream, value.Bits, 1); break;
            case GgufValueType.UInt16 or GgufValueType.Int16: WriteLow(stream, value.Bits, 2); break;
            case GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32: WriteLow(stream, value.Bits, 4); break;
            case GgufValueType.String: WriteString(stream, (byte[])value.Data!); break;
            case GgufValueType.Array:
                WriteUInt32(stream, (uint)value.ElementType);
                WriteElements(stream, value.Data!);
                break;
            default: WriteUInt64(stream, value.Bits); break;
        }
    }

    private static void WriteElements(Stream stream, object elements)
    {
        switch (elements)
        {
            case GgufStringArray strings:
                WriteUInt64(stream, (ulong)strings.Count);
                for (int i = 0; i < strings.Count; i++) WriteString(stream, strings.Bytes(i));
                break;
            case GgufValue[] arrays:
                WriteUInt64(stream, (ulong)arrays.Length);
                foreach (GgufValue array in arrays)
                {
                    WriteUInt32(stream, (uint)array.ElementType);
                    WriteElements(stream, array.Data!);
                }

                break;
            default:
                WriteUInt64(stream, (ulong)((Array)elements).Length);
                stream.Write(GgufValue.Bytes(elements));
                break;
        }
    }

    private static void WriteString(Stream stream, ReadOnlySpan<byte> bytes)
    {
        WriteUInt64(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteUInt32(Stream stream, uint value) => WriteLow(stream, value, 4);

    private static void WriteUInt64(Stream stream, ulong value) => WriteLow(stream, value, 8);

    private static void WriteLow(Stream stream, ulong value, int bytes)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        stream.Write(buffer[..bytes]);
    }

    private static void Pad(Stream stream, uint alignment)
    {
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (long left = GgufFormat.Align(stream.Position, alignment) - stream.Position; left > 0; left -= zeros.Length)
        {
            stream.Write(zeros[..(int)Math.Min(left, zeros.Length)]);
        }
    }
}
