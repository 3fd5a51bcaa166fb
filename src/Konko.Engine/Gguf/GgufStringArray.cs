using System.Collections;
using System.Text;

namespace Konko.Engine.Gguf;

/// <summary>
/// An array of strings as the file has it: one buffer of bytes, decoded on demand, so that a million empty strings
/// cost no more memory than they cost in the file. Immutable.
/// </summary>
public sealed class GgufStringArray : IReadOnlyList<string>
{
    private readonly byte[] _bytes;
    private readonly int[] _offsets;

    internal GgufStringArray(byte[] bytes, int[] offsets)
    {
        _bytes = bytes;
        _offsets = offsets;
    }

    /// <summary>Number of strings.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>
    /// The string, decoded from UTF-8 at each call. Bytes that are not UTF-8 become U+FFFD, one for each maximal
    /// invalid stretch; where bytes matter, read <see cref="Bytes"/>.
    /// </summary>
    /// <param name="index">0 … Count − 1.</param>
    public string this[int index] => Encoding.UTF8.GetString(Bytes(index));

    /// <summary>The string's bytes exactly as the file has them.</summary>
    /// <param name="index">0 … Count − 1.</param>
    public ReadOnlySpan<byte> Bytes(int index) => _bytes.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index]);

    /// <summary>The bytes of all strings, one after the other.</summary>
    internal ReadOnlySpan<byte> AllBytes => _bytes;

    /// <summary>Where each string starts in <see cref="AllBytes"/>, and the end of the last.</summary>
    internal ReadOnlySpan<int> Offsets => _offsets;

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
