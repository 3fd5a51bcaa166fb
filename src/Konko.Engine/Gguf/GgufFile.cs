using Microsoft.Win32.SafeHandles;

namespace Konko.Engine.Gguf;

/// <summary>
/// A model in GGUF, versions 2 and 3, little-endian, in one file or split over several. Opening reads and checks the
/// header only; tensor data are read on demand, by any number of threads at once. Never a memory map: a file that is
/// cut while it is mapped would end the process.
/// </summary>
public sealed unsafe class GgufFile : IDisposable
{
    // One read call of the operating system moves less than 2 GiB.
    private const int MaxReadBytes = 1 << 30;

    private readonly SafeFileHandle[] _handles;
    private readonly string[] _names;
    private readonly Dictionary<string, GgufTensor> _tensors;

    private GgufFile(string path, SafeFileHandle[] handles, string[] names, GgufHeader first, List<GgufTensor> tensors, long fileBytes)
    {
        Path = path;
        FileBytes = fileBytes;
        Version = first.Version;
        Metadata = new GgufMetadata(first.Values, names[0]);
        if (Metadata.Architecture.Length == 0) throw Metadata.Wrong(GgufFormat.ArchitectureKey, "it is missing or empty");
        Tensors = tensors;
        _handles = handles;
        _names = names;
        _tensors = new Dictionary<string, GgufTensor>(tensors.Count, StringComparer.Ordinal);
        foreach (GgufTensor tensor in tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor)) throw new GgufException($"{names[tensor.Shard]}: tensor '{tensor.Name}': an earlier file of the split model has it too.");
        }
    }

    /// <summary>The path it was opened from.</summary>
    public string Path { get; }

    /// <summary>Size of the file, or of all files of a split model, in bytes.</summary>
    public long FileBytes { get; }

    /// <summary>The version of the format, 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>The keys and values; of a split model, those of its first file.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>All tensors in file order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Opens a model and checks its header.</summary>
    /// <param name="path">The file; of a split model the first one (<c>…-00001-of-000NN.gguf</c>), the others lie beside it.</param>
    /// <exception cref="GgufException">It cannot be opened, is broken, or is nothing that Konko reads.</exception>
    public static GgufFile Open(string path)
    {
        var handles = new List<SafeFileHandle>();
        try
        {
            var reader = new GgufHeaderReader();
            var names = new List<string>();
            var tensors = new List<GgufTensor>();
            long fileBytes = 0;
            GgufHeader first = Add(path);
            GgufSplit split = GgufSplit.Read(first, path);
            for (int i = 1; i < split.Count; i++) split.Check(Add(split.PathOf(i)), i);
            split.CheckTensors(tensors.Count);
            return new GgufFile(path, [.. handles], [.. names], first, tensors, fileBytes);

            GgufHeader Add(string shardPath)
            {
                handles.Add(GgufIO.Open(shardPath, out long length));
                names.Add(System.IO.Path.GetFileName(shardPath));
                fileBytes += length;
                GgufHeader header = reader.Read(handles[^1], length, names[^1], handles.Count - 1);
                tensors.AddRange(header.Tensors);
                return header;
            }
        }
        catch
        {
            foreach (SafeFileHandle handle in handles) handle.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, or null.</summary>
    /// <param name="name">The whole name.</param>
    public GgufTensor? FindTensor(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The whole name.</param>
    /// <exception cref="GgufException">The file has none.</exception>
    public GgufTensor GetTensor(string name) => FindTensor(name) ?? throw new GgufException($"{_names[0]}: tensor '{name}': it is missing.");

    /// <summary>Reads bytes of a tensor. May be called by several threads at once.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">What to fill, to its last byte.</param>
    /// <param name="offset">Where to start, in bytes from the tensor's first.</param>
    /// <exception cref="GgufException">The file was cut since it was opened, or reading failed.</exception>
    public void Read(GgufTensor tensor, Span<byte> destination, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, tensor.ByteLength - offset);
        GgufIO.ReadExactly(_handles[tensor.Shard], destination, tensor.Offset + offset, _names[tensor.Shard], $"tensor '{tensor.Name}'");
    }

    /// <summary>Reads bytes of a tensor into unmanaged memory. May be called by several threads at once.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">Where to write.</param>
    /// <param name="offset">Where to start, in bytes from the tensor's first.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="GgufException">The file was cut since it was opened, or reading failed.</exception>
    public void Read(GgufTensor tensor, byte* destination, long offset, long length)
    {
        while (length > 0)
        {
            int count = (int)Math.Min(length, MaxReadBytes);
            Read(tensor, new Span<byte>(destination, count), offset);
            destination += count;
            offset += count;
            length -= count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafeFileHandle handle in _handles) handle.Dispose();
    }
}
