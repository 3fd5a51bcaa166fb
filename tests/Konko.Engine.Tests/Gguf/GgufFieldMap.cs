using System.Buffers.Binary;
using System.Text;

namespace Konko.Engine.Tests.Gguf;

/// <summary>What a stretch of a GGUF file's bytes is.</summary>
public enum GgufFieldKind
{
    Magic,
    Version,
    Count,
    Length,
    Text,
    ValueType,
    Integer,
    Float,
    Bool,
    Elements,
    DimensionCount,
    Dimension,
    TensorType,
    TensorOffset,
    Padding,
    TensorData,
}

/// <summary>A stretch of a GGUF file's bytes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Owner">The key or tensor it belongs to.</param>
public sealed record GgufField(GgufFieldKind Kind, int Offset, int Length, string Owner);

/// <summary>
/// The fields of a good file, found by a reader of its own, so that mutations hit the structure wherever it is.
/// Of long arrays of strings only the first few elements are fields of their own.
/// </summary>
public sealed class GgufFieldMap
{
    private const int StringsMapped = 8;

    private readonly byte[] _bytes;
    private readonly List<GgufField> _fields = [];
    private int _position;
    private string _owner = "header";

    /// <summary>Maps a good file.</summary>
    /// <param name="bytes">All of it.</param>
    public GgufFieldMap(byte[] bytes)
    {
        _bytes = bytes;
        Take(GgufFieldKind.Magic, 4);
        Take(GgufFieldKind.Version, 4);
        ulong tensors = Take(GgufFieldKind.Count, 8);
        ulong keys = Take(GgufFieldKind.Count, 8);
        for (ulong i = 0; i < keys; i++)
        {
            int start = _position;
            _owner = $"key {i}";
            _owner = Text();
            Value((uint)Take(GgufFieldKind.ValueType, 4));
            KeyValues.Add((start, _position - start));
        }

        for (ulong i = 0; i < tensors; i++)
        {
            int start = _position;
            _owner = $"tensor {i}";
            _owner = Text();
            ulong rank = Take(GgufFieldKind.DimensionCount, 4);
            for (ulong j = 0; j < rank; j++) Take(GgufFieldKind.Dimension, 8);
            Take(GgufFieldKind.TensorType, 4);
            Take(GgufFieldKind.TensorOffset, 8);
            Tensors.Add((start, _position - start));
        }

        _owner = "data";
        HeaderBytes = _position;
        Take(GgufFieldKind.Padding, -_position & 31);
        Take(GgufFieldKind.TensorData, bytes.Length - _position);
    }

    /// <summary>All fields in file order.</summary>
    public IReadOnlyList<GgufField> Fields => _fields;

    /// <summary>Where each key with its value stands.</summary>
    public List<(int Offset, int Length)> KeyValues { get; } = [];

    /// <summary>Where each tensor's description stands.</summary>
    public List<(int Offset, int Length)> Tensors { get; } = [];

    /// <summary>Bytes before the padding.</summary>
    public int HeaderBytes { get; }

    private void Value(uint type)
    {
        switch (type)
        {
            case 0 or 1: Take(GgufFieldKind.Integer, 1); break;
            case 2 or 3: Take(GgufFieldKind.Integer, 2); break;
            case 4 or 5: Take(GgufFieldKind.Integer, 4); break;
            case 6: Take(GgufFieldKind.Float, 4); break;
            case 7: Take(GgufFieldKind.Bool, 1); break;
            case 8: Text(); break;
            case 9: Elements((uint)Take(GgufFieldKind.ValueType, 4)); break;
            case 10 or 11: Take(GgufFieldKind.Integer, 8); break;
            default: Take(GgufFieldKind.Float, 8); break;
        }
    }

    private void Elements(uint type)
    {
        ulong count = Take(GgufFieldKind.Count, 8);
        if (type is 8 or 9)
        {
            for (ulong i = 0; i < count; i++)
            {
                if (type == 9) Elements((uint)Take(GgufFieldKind.ValueType, 4));
                else if (i < StringsMapped) Text();
                else _position += 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(_position));
            }

            return;
        }

        Take(GgufFieldKind.Elements, (int)count * type switch { 0 or 1 or 7 => 1, 2 or 3 => 2, 4 or 5 or 6 => 4, _ => 8 });
    }

    private string Text()
    {
        int length = (int)Take(GgufFieldKind.Length, 8);
        Take(GgufFieldKind.Text, length);
        return Encoding.UTF8.GetString(_bytes, _position - length, length);
    }

    private ulong Take(GgufFieldKind kind, int length)
    {
        if (length > 0) _fields.Add(new GgufField(kind, _position, length, _owner));
        ulong value = 0;
        for (int i = 0; i < Math.Min(length, 8); i++) value |= (ulong)_bytes[_position + i] << (8 * i);
        _position += length;
        return value;
    }
}
