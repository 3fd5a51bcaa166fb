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

    private readonly GgufBytes[] _files;
    private readonly Dictionary<string, GgufTensor> _tensors;

    private GgufFile(string path, GgufBytes[] files, GgufHeader first, List<GgufTensor> tensors)
    {
        Path = path;
        FileBytes = files.Sum(file => file.Length);
        Version = first.Version;
        Metadata = new GgufMetadata(first.Values, files[0].Name);
        if (Metadata.Architecture.Length == 0) throw Metadata.Wrong(GgufFormat.ArchitectureKey, "it is missing or empty");
        Tensors = tensors;
        _files = files;
        _tensors = new Dictionary<string, GgufTensor>(tensors.Count, StringComparer.Ordinal);
        foreach (GgufTensor tensor in tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor)) throw new GgufException($"{files[tensor.Shard].Name}: tensor '{tensor.Name}': an earlier file of the split model has it too.");
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
    public static GgufFile Open(string path) => Open(path, GgufBytes.Open);

    /// <summary>Reads and checks the header of a model that is elsewhere; its tensors cannot be read.</summary>
    /// <param name="files">The beginning of each of its files, of a split model in their order.</param>
    /// <exception cref="GgufException">It is broken, or nothing that Konko reads.</exception>
    /// <exception cref="GgufBeginningException">The header goes on behind what is there.</exception>
    internal static GgufFile Open(IReadOnlyList<GgufBeginning> files) => Open(
        files[0].Name,
        name => GgufBytes.Of(files.FirstOrDefault(file => file.Name == name) ?? throw new GgufException($"{name}: the file is missing.")));

    private static GgufFile Open(string path, Func<string, GgufBytes> open)
    {
        var files = new List<GgufBytes>();
        try
        {
            var reader = new GgufHeaderReader();
            var tensors = new List<GgufTensor>();
            GgufHeader first = Add(path);
            GgufSplit split = GgufSplit.Read(first, path);
            for (int i = 1; i < split.Count; i++) split.Check(Add(split.PathOf(i)), i);
            split.CheckTensors(tensors.Count);
            return new GgufFile(path, [.. files], first, tensors);

            GgufHeader Add(string shardPath)
            {
                files.Add(open(shardPath));
                GgufHeader header = reader.Read(files[^1], files.Count - 1);
                tensors.AddRange(header.Tensors);
                return header;
            }
        }
        catch
        {
            foreach (GgufBytes file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, or null.</summary>
    /// <param name="name">The whole name.</param>
    public GgufTensor? FindTensor(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The whole name.</param>
    /// <exception cref="GgufException">The file has none.</exception>
    public GgufTensor GetTensor(string name) => FindTensor(name) ?? throw new GgufException($"{_files[0].Name}: tensor '{name}': it is missing.");

    /// <summary>Reads bytes of a tensor. May be called by several threads at once.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">What to fill, to its last byte.</param>
    /// <param name="offset">Where to start, in bytes from the tensor's first.</param>
    /// <exception cref="GgufException">The file was cut since it was opened, or reading failed.</exception>
    public void Read(GgufTensor tensor, Span<byte> destination, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, tensor.ByteLength - offset);
        _files[tensor.Shard].ReadExactly(destination, tensor.Offset + offset, $"tensor '{tensor.Name}'");
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
        foreach (GgufBytes file in _files) file.Dispose();
    }
}
