using System.Text;

namespace Konko.Engine.Gguf;

/// <summary>
/// The keys and values of a file. <c>Get…</c> needs the key, <c>Find…</c> answers null where it is missing; both
/// refuse a value of another kind, naming the key. Integers are read at any width where the value fits.
/// </summary>
/// <remarks>Strings are decoded from UTF-8; bytes that are not UTF-8 become U+FFFD, one for each maximal invalid stretch.</remarks>
public sealed class GgufMetadata
{
    private readonly OrderedDictionary<string, GgufValue> _values;
    private readonly string _file;

    internal GgufMetadata(OrderedDictionary<string, GgufValue> values, string file)
    {
        _values = values;
        _file = file;
        Architecture = FindString(GgufFormat.ArchitectureKey) ?? "";
        if (Architecture.Length > GgufLimits.ArchitectureBytes) throw Wrong(GgufFormat.ArchitectureKey, $"it is longer than {GgufLimits.ArchitectureBytes} characters");
    }

    /// <summary>The file's <c>general.architecture</c>, such as <c>llama</c>; empty in later files of a split model, which need none.</summary>
    public string Architecture { get; }

    /// <summary>All keys in file order.</summary>
    public IReadOnlyList<string> Keys => _values.Keys;

    /// <summary>The values in file order.</summary>
    internal IReadOnlyList<KeyValuePair<string, GgufValue>> Values => _values;

    /// <summary>The key of one of the architecture's own values: <c>llama.context_length</c> for <c>context_length</c>.</summary>
    /// <param name="suffix">What follows the architecture and the dot.</param>
    public string Key(string suffix) => $"{Architecture}.{suffix}";

    /// <summary>Whether the key is there.</summary>
    /// <param name="key">The whole key.</param>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>The value's type, or null where the key is missing.</summary>
    /// <param name="key">The whole key.</param>
    public GgufValueType? TypeOf(string key) => Find(key)?.Type;

    /// <summary>The type of an array's elements, or null where the key is missing or no array.</summary>
    /// <param name="key">The whole key.</param>
    public GgufValueType? ElementTypeOf(string key) => Find(key) is { Type: GgufValueType.Array } value ? value.ElementType : null;

    /// <summary>The length of a string in bytes, or null where the key is missing or no string.</summary>
    /// <param name="key">The whole key.</param>
    public int? StringBytes(string key) => Find(key) is { Type: GgufValueType.String, Data: byte[] bytes } ? bytes.Length : null;

    /// <summary>A string.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing, of another type, or unreasonably long.</exception>
    public string GetString(string key) => FindString(key) ?? throw Missing(key, "a string");

    /// <inheritdoc cref="GetString"/>
    public string? FindString(string key)
    {
        if (Find(key) is not GgufValue value) return null;
        if (value is not { Type: GgufValueType.String, Data: byte[] bytes }) throw Mistyped(key, value, "a string");
        if (bytes.Length > GgufLimits.DecodedStringBytes)
        {
            throw Wrong(key, $"a string of {bytes.Length} bytes is longer than the {GgufLimits.DecodedStringBytes} allowed");
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>An integer of any type that fits into 0 … 2³² − 1.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing, of another type, or out of range.</exception>
    public uint GetUInt32(string key) => FindUInt32(key) ?? throw Missing(key, "an integer");

    /// <inheritdoc cref="GetUInt32"/>
    public uint? FindUInt32(string key) => (uint?)FindInteger(key, uint.MinValue, uint.MaxValue);

    /// <summary>An integer of any type that fits into −2³¹ … 2³¹ − 1.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing, of another type, or out of range.</exception>
    public int GetInt32(string key) => FindInt32(key) ?? throw Missing(key, "an integer");

    /// <inheritdoc cref="GetInt32"/>
    public int? FindInt32(string key) => (int?)FindInteger(key, int.MinValue, int.MaxValue);

    /// <summary>An integer of any type that fits into −2⁶³ … 2⁶³ − 1.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing, of another type, or out of range.</exception>
    public long GetInt64(string key) => FindInt64(key) ?? throw Missing(key, "an integer");

    /// <inheritdoc cref="GetInt64"/>
    public long? FindInt64(string key) => FindInteger(key, long.MinValue, long.MaxValue);

    /// <summary>A finite number; float64 is rounded to float32.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing, of another type, or not finite.</exception>
    public float GetFloat(string key) => FindFloat(key) ?? throw Missing(key, "a floating-point number");

    /// <inheritdoc cref="GetFloat"/>
    public float? FindFloat(string key)
    {
        if (Find(key) is not GgufValue value) return null;
        float number = value.Type switch
        {
            GgufValueType.Float32 => BitConverter.UInt32BitsToSingle((uint)value.Bits),
            GgufValueType.Float64 => (float)BitConverter.UInt64BitsToDouble(value.Bits),
            _ => throw Mistyped(key, value, "a floating-point number"),
        };
        return float.IsFinite(number) ? number : throw Wrong(key, "the number is not finite");
    }

    /// <summary>A bool.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing or of another type.</exception>
    public bool GetBool(string key) => FindBool(key) ?? throw Missing(key, "a bool");

    /// <inheritdoc cref="GetBool"/>
    public bool? FindBool(string key)
    {
        if (Find(key) is not GgufValue value) return null;
        return value.Type == GgufValueType.Bool ? value.Bits == 1 : throw Mistyped(key, value, "a bool");
    }

    /// <summary>An array of strings, decoded one by one when asked for.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing or of another type.</exception>
    public GgufStringArray GetStrings(string key) => FindStrings(key) ?? throw Missing(key, "an array of strings");

    /// <inheritdoc cref="GetStrings"/>
    public GgufStringArray? FindStrings(string key)
    {
        if (Find(key) is not GgufValue value) return null;
        return value.Data as GgufStringArray ?? throw Mistyped(key, value, "an array of strings");
    }

    /// <summary>An array of numbers, of exactly this element type; not copied.</summary>
    /// <typeparam name="T">One of the integers of 8 to 64 bits, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing or of another type.</exception>
    public ReadOnlySpan<T> GetArray<T>(string key) where T : unmanaged
    {
        GgufValue value = Find(key) ?? throw Missing(key, $"an array of {typeof(T).Name}");
        if (value.ElementType == GgufValueType.Bool || value.Data is not T[] array || value.Type != GgufValueType.Array)
        {
            throw Mistyped(key, value, $"an array of {typeof(T).Name}");
        }

        // Arrays of the other sign pass the test above, the runtime takes them for one another.
        return array.GetType() == typeof(T[]) ? array : throw Mistyped(key, value, $"an array of {typeof(T).Name}");
    }

    /// <summary>An array of integers of any type whose values fit into −2³¹ … 2³¹ − 1; a copy.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing, of another type, or out of range.</exception>
    public int[] GetInt32Array(string key) => FindInt32Array(key) ?? throw Missing(key, "an array of integers");

    /// <inheritdoc cref="GetInt32Array"/>
    public int[]? FindInt32Array(string key)
    {
        if (Find(key) is not GgufValue value) return null;
        if (value.Type != GgufValueType.Array) throw Mistyped(key, value, "an array of integers");
        return value.ElementType switch
        {
            GgufValueType.UInt8 => Array.ConvertAll((byte[])value.Data!, x => (int)x),
            GgufValueType.Int8 => Array.ConvertAll((sbyte[])value.Data!, x => (int)x),
            GgufValueType.UInt16 => Array.ConvertAll((ushort[])value.Data!, x => (int)x),
            GgufValueType.Int16 => Array.ConvertAll((short[])value.Data!, x => (int)x),
            GgufValueType.Int32 => [.. (int[])value.Data!],
            GgufValueType.UInt32 => Array.ConvertAll((uint[])value.Data!, x => Narrow(key, x)),
            GgufValueType.Int64 => Array.ConvertAll((long[])value.Data!, x => Narrow(key, x)),
            GgufValueType.UInt64 => Array.ConvertAll((ulong[])value.Data!, x => Narrow(key, x)),
            _ => throw Mistyped(key, value, "an array of integers"),
        };
    }

    /// <summary>An array of bools; a copy.</summary>
    /// <param name="key">The whole key.</param>
    /// <exception cref="GgufException">Missing or of another type.</exception>
    public bool[] GetBoolArray(string key) => FindBoolArray(key) ?? throw Missing(key, "an array of bools");

    /// <inheritdoc cref="GetBoolArray"/>
    public bool[]? FindBoolArray(string key)
    {
        if (Find(key) is not GgufValue value) return null;
        if (value is not { Type: GgufValueType.Array, ElementType: GgufValueType.Bool }) throw Mistyped(key, value, "an array of bools");
        return Array.ConvertAll((byte[])value.Data!, x => x == 1);
    }

    /// <summary>A problem with a key's value that its reader found, with the file and the key in the message.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="problem">What is wrong, without the place.</param>
    public GgufException Wrong(string key, string problem) => new($"{_file}: key '{key}': {problem}.");

    private GgufValue? Find(string key) => _values.TryGetValue(key, out GgufValue value) ? value : null;

    private long? FindInteger(string key, long min, long max)
    {
        if (Find(key) is not GgufValue value) return null;
        bool signed = value.Type is GgufValueType.Int8 or GgufValueType.Int16 or GgufValueType.Int32 or GgufValueType.Int64;
        bool unsigned = value.Type is GgufValueType.UInt8 or GgufValueType.UInt16 or GgufValueType.UInt32 or GgufValueType.UInt64;
        if (!signed && !unsigned) throw Mistyped(key, value, "an integer");
        long number = (long)value.Bits;
        if ((unsigned && number < 0) || number < min || number > max)
        {
            throw Wrong(key, $"{(signed ? number.ToString() : value.Bits.ToString())} is not within {min} … {max}");
        }

        return number;
    }

    private int Narrow(string key, Int128 number)
        => number >= int.MinValue && number <= int.MaxValue ? (int)number : throw Wrong(key, $"{number} is not within {int.MinValue} … {int.MaxValue}");

    private GgufException Missing(string key, string wanted) => Wrong(key, $"it is missing, {wanted} is needed");

    private GgufException Mistyped(string key, GgufValue value, string wanted) => Wrong(key, $"it is {value.Describe()} and must be {wanted}");
}
