using System.Runtime.InteropServices;
using System.Text;

namespace Konko.Engine.Gguf;

/// <summary>
/// A 64-bit fingerprint of a model's content: its metadata and every byte of its tensors, in whatever files they lie.
/// A loader feeds the bytes as it reads them anyway; what it did not read is read at the end.
/// </summary>
public sealed class GgufFingerprint
{
    /// <summary>Pieces start at multiples of this many bytes of their tensor; any 16 rows of any type do.</summary>
    public const int WordBytes = ContentHash.WordBytes;

    private const int BufferBytes = 1 << 20;

    private readonly GgufFile _file;
    private readonly Dictionary<GgufTensor, Progress> _tensors = [];

    /// <summary>A fingerprint of which nothing is known yet.</summary>
    /// <param name="file">The model.</param>
    public GgufFingerprint(GgufFile file)
    {
        _file = file;
        foreach (GgufTensor tensor in file.Tensors) _tensors.Add(tensor, new Progress());
    }

    /// <summary>Feeds a piece of a tensor, each byte once, in any order. May be called by several threads at once.</summary>
    /// <param name="tensor">A tensor of the file.</param>
    /// <param name="offset">Where the piece starts in the tensor, a multiple of <see cref="WordBytes"/>.</param>
    /// <param name="bytes">The piece; a multiple of <see cref="WordBytes"/> unless it is the tensor's last.</param>
    public void Add(GgufTensor tensor, long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset % WordBytes, 0, nameof(offset));
        if (bytes.Length % WordBytes != 0) ArgumentOutOfRangeException.ThrowIfNotEqual(offset + bytes.Length, tensor.ByteLength, nameof(bytes));
        Progress progress = _tensors[tensor];
        Interlocked.Add(ref progress.Sum, ContentHash.Sum(bytes, (ulong)offset / WordBytes));
        Interlocked.Add(ref progress.Bytes, bytes.Length);
    }

    /// <summary>Reads the tensors of which nothing was fed, and tells the fingerprint.</summary>
    /// <exception cref="InvalidOperationException">A tensor was fed in part only, or more than once.</exception>
    /// <exception cref="GgufException">Reading failed.</exception>
    public ulong Complete()
    {
        ulong hash = Metadata();
        byte[]? buffer = null;
        foreach (GgufTensor tensor in _file.Tensors)
        {
            Progress progress = _tensors[tensor];
            if (progress.Bytes == 0) Read(tensor, buffer ??= GC.AllocateUninitializedArray<byte>(BufferBytes));
            if (progress.Bytes != tensor.ByteLength) throw new InvalidOperationException($"{progress.Bytes} bytes were fed of tensor {tensor}, which has {tensor.ByteLength}.");
            hash = ContentHash.Mix(hash, Encoding.UTF8.GetBytes(tensor.Name));
            hash = ContentHash.Mix(hash, (ulong)tensor.Type);
            foreach (long dimension in tensor.Dimensions) hash = ContentHash.Mix(hash, (ulong)dimension);
            hash = ContentHash.Mix(hash, progress.Sum);
        }

        return hash;
    }

    private void Read(GgufTensor tensor, byte[] buffer)
    {
        for (long offset = 0; offset < tensor.ByteLength; offset += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteLength - offset));
            _file.Read(tensor, piece, offset);
            Add(tensor, offset, piece);
        }
    }

    // Without the keys of a split, so that a model has one fingerprint, split or whole.
    private ulong Metadata()
    {
        ulong hash = 0;
        foreach ((string key, GgufValue value) in _file.Metadata.Values)
        {
            if (key.StartsWith(GgufFormat.SplitPrefix, StringComparison.Ordinal)) continue;
            hash = ContentHash.Mix(hash, Encoding.UTF8.GetBytes(key));
            hash = Value(hash, value);
        }

        return hash;
    }

    private static ulong Value(ulong hash, GgufValue value)
    {
        hash = ContentHash.Mix(hash, (ulong)value.Type);
        hash = ContentHash.Mix(hash, value.Bits);
        if (value.Data is null) return hash;
        hash = ContentHash.Mix(hash, (ulong)value.ElementType);
        switch (value.Data)
        {
            case GgufStringArray strings: return ContentHash.Mix(ContentHash.Mix(hash, strings.AllBytes), MemoryMarshal.AsBytes(strings.Offsets));
            case GgufValue[] arrays:
                hash = ContentHash.Mix(hash, (ulong)arrays.Length);
                foreach (GgufValue array in arrays) hash = Value(hash, array);
                return hash;
            default: return ContentHash.Mix(hash, GgufValue.Bytes(value.Data));
        }
    }

    private sealed class Progress
    {
        public ulong Sum;
        public long Bytes;
    }
}
