using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Models.Architectures;
using Konko.Engine.Models.Encoders;
using Konko.Engine.Tokenizers;

namespace Konko.Engine;

/// <summary>What a model's file tells before its weights are read: its card, and how much memory it will take.</summary>
/// <remarks>
/// Only headers are read, of all files where the model is split, and everything is checked that a load would check
/// but the weights' bytes themselves: a file that cannot be run is refused here, with the same words.
/// </remarks>
public sealed class ModelOutline
{
    // Tokenizer, template and metadata as objects, a byte of the file's header; measured with vocabularies of 32,000 to 150,000.
    private const int ObjectBytesPerHeaderByte = 16;

    private readonly DecoderShape? _decoder;
    private readonly EncoderShape? _encoder;
    private readonly int _ropes;
    private readonly long _headerBytes;

    private ModelOutline(GgufFile file, DecoderShape? decoder, int ropes, EncoderShape? encoder, long weightBytes)
    {
        (_decoder, _ropes, _encoder) = (decoder, ropes, encoder);
        _headerBytes = file.FileBytes - file.Tensors.Sum(tensor => tensor.ByteLength);
        WeightBytes = weightBytes;
        Card = GgufModelCard.Read(file);
        ChatTemplate = file.Metadata.FindString(LocalModel.ChatTemplateKey) is { Length: > 0 } source ? source : null;
    }

    /// <summary>What the file says about its model.</summary>
    public GgufModelCard Card { get; }

    /// <summary>Whether the model gives embeddings and no text: it is for <see cref="LocalEncoder"/>, not for <see cref="LocalModel"/>.</summary>
    public bool IsEncoder => _encoder is not null;

    /// <summary>The source of the file's chat template; null where it has none.</summary>
    public string? ChatTemplate { get; }

    /// <summary>Bytes of the weights as they will lie in memory, repacked for the kernels.</summary>
    public long WeightBytes { get; }

    /// <summary>Reads the outline of a model.</summary>
    /// <param name="path">The GGUF file, or the first of a split one.</param>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported; the message says what.</exception>
    public static ModelOutline Read(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return Read(file);
    }

    /// <summary>Reads the outline of a model of which only the beginning is here, and tries its tokenizer: what passes can be run once it is whole.</summary>
    /// <param name="files">The beginning of its file; of a split model, of each in their order.</param>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported; the message says what.</exception>
    /// <exception cref="GgufBeginningException">The header goes on behind what is there.</exception>
    public static ModelOutline Read(IReadOnlyList<GgufBeginning> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using GgufFile file = GgufFile.Open(files);
        ModelOutline outline = Read(file);
        Tokenizer.FromGguf(file);
        return outline;
    }

    private static ModelOutline Read(GgufFile file)
    {
        var loader = new TensorLoader(file, outline: true);
        try
        {
            if (EncoderLoader.Knows(file.Metadata.Architecture)) return new ModelOutline(file, null, 0, EncoderLoader.Describe(loader).Shape, loader.Memory.Bytes);
            Architecture architecture = Architecture.Of(file.Metadata);
            var build = new DecoderBuilder(loader) { PairedRope = architecture.PairedRope };
            DecoderWeights weights = architecture.Describe(build);
            return new ModelOutline(file, build.Shape, weights.Ropes.Count, null, loader.Memory.Bytes);
        }
        finally
        {
            loader.Memory.Dispose();
        }
    }

    /// <summary>Most positions of a sequence, or tokens of an encoder's text: as the options have it, but no more than the file has.</summary>
    /// <param name="options">How the model will be run.</param>
    public int ContextLength(LocalModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LocalModel.ContextOf(options, _encoder is EncoderShape encoder ? encoder.ContextLength : _decoder!.ContextLength);
    }

    /// <summary>Bytes of everything beside weights, keys and values: what steps work in, the tokenizer, tables.</summary>
    /// <param name="options">How the model will be run.</param>
    public long BufferBytes(LocalModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        int threads = LocalModel.ThreadsOf(options);
        long steps = _encoder is EncoderShape encoder
            ? StepMemory.Bytes(encoder, Math.Max(options.MaxStepTokens, encoder.ContextLength), threads)
            : StepMemory.Bytes(_decoder!, _ropes, StepBuffers.Fit(_decoder!, options.MaxStepTokens, Card.FileBytes), threads, options.MaxRunning, ContextLength(options));
        return steps + _headerBytes * ObjectBytesPerHeaderByte;
    }

    /// <summary>Shape of a page of the KV cache; null of an encoder, which has none.</summary>
    /// <param name="options">How the model will be run.</param>
    public KvLayout? KvLayout(LocalModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _decoder?.KvLayout(options.KvType);
    }

    /// <summary>Most bytes of the KV cache: the configured ones, else the default; 0 of an encoder.</summary>
    /// <param name="options">How the model will be run.</param>
    public long KvBytes(LocalModelOptions options)
        => KvLayout(options) is not KvLayout layout ? 0
            : options.KvBytes > 0 ? options.KvBytes
            : KvBudget.Default(layout, ContextLength(options));

    /// <summary>
    /// The fewest bytes of keys and values to be run with: those of a context that was asked for, else of 2048 positions
    /// or of the whole one if that is shorter; 0 of an encoder.
    /// </summary>
    /// <param name="options">How the model will be run.</param>
    public long LeastKvBytes(LocalModelOptions options)
        => KvLayout(options) is not KvLayout layout ? 0
            : options.KvBytes > 0 ? options.KvBytes
            : options.ContextLength > 0 ? KvBudget.BytesFor(layout, ContextLength(options))
            : KvBudget.Least(layout, ContextLength(options));
}
