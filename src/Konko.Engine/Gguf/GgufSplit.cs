using System.Globalization;

namespace Konko.Engine.Gguf;

/// <summary>How a model is split over files, from the keys of its first file. A whole model is a split into one.</summary>
/// <remarks>File i of n is named <c>PREFIX-0000(i+1)-of-0000n.gguf</c>, five digits each.</remarks>
internal sealed class GgufSplit
{
    private const string CountKey = "split.count";
    private const string NumberKey = "split.no";
    private const string TensorsKey = "split.tensors.count";

    private readonly string _prefix;
    private readonly string _file;
    private readonly long? _tensors;

    private GgufSplit(int count, string prefix, string file, long? tensors)
    {
        Count = count;
        _prefix = prefix;
        _file = file;
        _tensors = tensors;
    }

    /// <summary>Number of files.</summary>
    public int Count { get; }

    /// <summary>Reads the split of a first file and checks that it is the first.</summary>
    /// <param name="first">Its header.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="GgufException">It is not the first file, or not named as one.</exception>
    public static GgufSplit Read(GgufHeader first, string path)
    {
        string file = Path.GetFileName(path);
        var metadata = new GgufMetadata(first.Values, file);
        uint count = metadata.FindUInt32(CountKey) ?? 0;
        if (count < 2) return new GgufSplit(1, path, file, null);
        if (count > GgufLimits.Shards) throw metadata.Wrong(CountKey, $"{count} files are more than the {GgufLimits.Shards} allowed");
        string suffix = Suffix(0, (int)count);
        uint number = metadata.GetUInt32(NumberKey);
        if (number != 0) throw metadata.Wrong(NumberKey, $"this is file {number + 1L} of {count} of a split model; open the first, '…{suffix}'");
        if (!path.EndsWith(suffix, StringComparison.Ordinal)) throw metadata.Wrong(CountKey, $"the first file of {count} must be named '…{suffix}', so that the others can be found");
        return new GgufSplit((int)count, path[..^suffix.Length], file, metadata.FindInt64(TensorsKey));
    }

    /// <summary>The path of a file of the split.</summary>
    /// <param name="index">0 … Count − 1.</param>
    public string PathOf(int index) => _prefix + Suffix(index, Count);

    /// <summary>Checks that a further file belongs to the split.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="index">Which one it must be.</param>
    /// <exception cref="GgufException">It is another one.</exception>
    public void Check(GgufHeader header, int index)
    {
        var metadata = new GgufMetadata(header.Values, Path.GetFileName(PathOf(index)));
        uint number = metadata.GetUInt32(NumberKey);
        if (number != index) throw metadata.Wrong(NumberKey, $"it is {number} and must be {index}");
        uint count = metadata.GetUInt32(CountKey);
        if (count != Count) throw metadata.Wrong(CountKey, $"it is {count} and must be {Count} as in the first file");
    }

    /// <summary>Checks that the files hold all tensors.</summary>
    /// <param name="count">How many they hold.</param>
    /// <exception cref="GgufException">The first file promises another number.</exception>
    public void CheckTensors(int count)
    {
        if (_tensors is long promised && promised != count)
        {
            throw new GgufException($"{_file}: key '{TensorsKey}': it promises {promised} tensors and the {Count} files hold {count}.");
        }
    }

    private static string Suffix(int index, int count) => string.Create(CultureInfo.InvariantCulture, $"-{index + 1:D5}-of-{count:D5}.gguf");
}
