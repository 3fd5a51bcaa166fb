using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;

namespace Konko.Engine;

/// <summary>An embedding model's file brought to life: tokenizer, weights and the scheduler that runs them. What <see cref="LocalModel"/> is for text.</summary>
public sealed class LocalEncoder : IAsyncDisposable
{
    private readonly EmbeddingModel _model;

    private LocalEncoder(EmbeddingModel model, string fingerprint, GgufModelCard card, Tokenizer tokenizer, EmbeddingScheduler scheduler)
    {
        _model = model;
        Fingerprint = fingerprint;
        Card = card;
        Tokenizer = tokenizer;
        Scheduler = scheduler;
    }

    /// <summary>What the file says about its model.</summary>
    public GgufModelCard Card { get; }

    /// <summary>Text to ids and back; <see cref="Tokenize"/> gives what the model expects.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Takes requests.</summary>
    public EmbeddingScheduler Scheduler { get; }

    /// <summary>Changes where weights or arithmetic do: <c>system_fingerprint</c>.</summary>
    public string Fingerprint { get; }

    /// <summary>Elements of a vector.</summary>
    public int Dimensions => _model.Dimensions;

    /// <summary>Most tokens of a text, [CLS] and [SEP] included.</summary>
    public int MaxTokens => Scheduler.MaxTokens;

    /// <summary>Whether a file is for this type, not for <see cref="LocalModel"/>: its model gives embeddings and no text.</summary>
    /// <param name="card">What the file says.</param>
    public static bool Takes(GgufModelCard card) => EncoderLoader.Knows(card.Architecture);

    /// <summary>Loads a model and runs a few texts through it, so that the first request meets compiled code.</summary>
    /// <param name="path">The GGUF file, or the first of a split one.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="time">The clock of deadlines and statistics.</param>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported; the message says what.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <param name="cancellationToken">Gives up between the parts of the work.</param>
    public static async Task<LocalEncoder> LoadAsync(string path, LocalEncoderOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        LocalEncoder encoder = await Task.Run(() => Load(path, options, time), cancellationToken);
        try
        {
            await encoder.WarmUpAsync(cancellationToken);
            return encoder;
        }
        catch (GenerationFailedException e)
        {
            await encoder.DisposeAsync();
            throw new GgufException($"{path}: the model cannot run: {e.Message}", e);
        }
        catch
        {
            await encoder.DisposeAsync();
            throw;
        }
    }

    /// <summary>A text's tokens as the model expects them: [CLS] before, [SEP] after, no control token from the text itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="truncate">Whether the end of a text that is too long is cut off; otherwise the list is longer than <see cref="MaxTokens"/>, and no request takes it.</param>
    public IReadOnlyList<int> Tokenize(string text, bool truncate = false)
    {
        List<int> ids = Tokenizer.Encode(text, parseSpecial: false);
        int own = ids.Count, excess = Tokenizer.Enclose(ids).Count - MaxTokens;
        if (!truncate || excess <= 0 || excess > own) return ids;
        int before = Tokenizer.BosId is int first && ids[0] == first ? 1 : 0;
        ids.RemoveRange(before + own - excess, excess);
        return ids;
    }

    /// <summary>Ends what runs and frees the weights.</summary>
    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync();
        _model.Dispose();
    }

    private static LocalEncoder Load(string path, LocalEncoderOptions options, TimeProvider time)
    {
        int threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        using GgufFile file = GgufFile.Open(path);
        LoadedEncoder loaded = EncoderLoader.Load(file, threads);
        try
        {
            EmbeddingModel model = loaded.Model;
            Tokenizer tokenizer = Tokenizer.FromGguf(file);
            GgufModelCard card = GgufModelCard.Read(file);
            var limits = new EmbeddingSchedulerOptions
            {
                Name = options.Name,
                MaxTokens = options.MaxTokens == 0 ? model.ContextLength : Math.Min(options.MaxTokens, model.ContextLength),
                MaxStepTokens = options.MaxStepTokens,
                MaxQueued = options.MaxQueued,
                QueueDeadline = options.QueueDeadline,
            };
            // Last, because it starts a thread: nothing after it may fail.
            return new LocalEncoder(model, loaded.Fingerprint, card, tokenizer, new EmbeddingScheduler(model, limits, time));
        }
        catch
        {
            loaded.Model.Dispose();
            throw;
        }
    }

    /// <summary>Runs texts whose tokens are cut into every tile, again and again until the compiler has taken notice.</summary>
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        int[] text = new int[Math.Min(15, MaxTokens)];
        for (int i = 0; i < 4; i++)
        {
            if (!Scheduler.TrySubmit(new EmbeddingRequest { Inputs = [text] }, out Task<IReadOnlyList<float[]>>? vectors, out SubmitRefusal? refusal, cancellationToken))
                throw new InvalidOperationException($"The model cannot run: {refusal}.");
            await vectors;
        }
    }
}
