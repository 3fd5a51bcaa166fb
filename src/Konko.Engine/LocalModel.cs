using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Engine.Grammar;
using Konko.Engine.Models;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Scheduling.Drafting;
using Konko.Engine.Templates;
using Konko.Engine.Tokenizers;

namespace Konko.Engine;

/// <summary>A model file brought to life: tokenizer, chat template, weights and the scheduler that runs them.</summary>
public sealed class LocalModel : IAsyncDisposable
{
    /// <summary>Where a file has its chat template.</summary>
    internal const string ChatTemplateKey = "tokenizer.chat_template";

    private readonly CausalModel _model;
    private readonly Lazy<GrammarVocabulary> _grammarVocabulary;

    private LocalModel(CausalModel model, string fingerprint, GgufModelCard card, Tokenizer tokenizer, ChatTemplate? template, Scheduler scheduler, int contextLength)
    {
        _model = model;
        Fingerprint = fingerprint;
        Card = card;
        Tokenizer = tokenizer;
        _grammarVocabulary = new Lazy<GrammarVocabulary>(() => GrammarVocabulary.Create(tokenizer));
        ChatTemplate = template;
        Scheduler = scheduler;
        ContextLength = contextLength;
    }

    /// <summary>What the file says about its model.</summary>
    public GgufModelCard Card { get; }

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The vocabulary made ready for grammars, when it is first asked for: a fraction of a second.</summary>
    public GrammarVocabulary GrammarVocabulary => _grammarVocabulary.Value;

    /// <summary>The file's chat template, or the one that was given in its place; null where there is none.</summary>
    public ChatTemplate? ChatTemplate { get; }

    /// <summary>Takes requests.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Changes where weights, KV type or arithmetic do: <c>system_fingerprint</c>.</summary>
    public string Fingerprint { get; }

    /// <summary>Most positions of a sequence, prompt and answer together.</summary>
    public int ContextLength { get; }

    /// <summary>Loads a model and runs a few tokens through it, so that the first request meets compiled code.</summary>
    /// <param name="path">The GGUF file, or the first of a split one.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="time">The clock of deadlines and statistics.</param>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported; the message says what.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <param name="cancellationToken">Gives up between the parts of the work.</param>
    public static async Task<LocalModel> LoadAsync(string path, LocalModelOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        LocalModel model = await Task.Run(() => Load(path, options, time), cancellationToken);
        try
        {
            await model.WarmUpAsync(cancellationToken);
            return model;
        }
        catch
        {
            await model.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends what runs and frees the weights.</summary>
    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync();
        _model.Dispose();
    }

    /// <summary>Threads of a step.</summary>
    internal static int ThreadsOf(LocalModelOptions options) => options.Threads == 0 ? Environment.ProcessorCount : options.Threads;

    /// <summary>Most positions of a sequence of a model that was made for so many.</summary>
    internal static int ContextOf(LocalModelOptions options, int most) => options.ContextLength == 0 ? most : Math.Min(options.ContextLength, most);

    private static LocalModel Load(string path, LocalModelOptions options, TimeProvider time)
    {
        int threads = ThreadsOf(options);
        using GgufFile file = GgufFile.Open(path);
        // The tokenizer needs one thread and nothing of the weights.
        Task<Tokenizer> tokenizer = Task.Run(() => Tokenizer.FromGguf(file));
        LoadedModel loaded;
        try
        {
            loaded = ModelLoader.Load(file, threads, options.MaxStepTokens, options.KvType);
        }
        catch
        {
            ((IAsyncResult)tokenizer).AsyncWaitHandle.WaitOne();
            throw;
        }

        try
        {
            CausalModel model = loaded.Model;
            int context = ContextOf(options, model.ContextLength);
            GgufModelCard card = GgufModelCard.Read(file);
            ChatTemplate? template = Template(file, options.ChatTemplate);
            Tokenizer ready = tokenizer.GetAwaiter().GetResult();
            // Last, because it starts a thread: nothing after it may fail.
            var scheduler = new Scheduler(model, ready.EndOfGeneration, SchedulerOptions(options, model, context), time);
            return new LocalModel(model, loaded.Fingerprint, card, ready, template, scheduler, context);
        }
        catch
        {
            // The file stays open until its last reader is done with it.
            ((IAsyncResult)tokenizer).AsyncWaitHandle.WaitOne();
            loaded.Model.Dispose();
            throw;
        }
    }

    /// <summary>Runs one prompt that is cut into every tile, and a few tokens after it.</summary>
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        int prompt = Math.Min(15, ContextLength - 1), tokens = Math.Min(3, ContextLength - prompt);
        if (prompt < 1 || tokens < 1) return;
        var request = new GenerationRequest
        {
            Prompt = new int[prompt],
            MaxTokens = tokens,
            Sampling = new SamplingParameters { IgnoreEos = true, TopP = 0.9f },
        };
        if (!Scheduler.TrySubmit(request, out GenerationHandle? handle, out SubmitRefusal? refusal))
            throw new InvalidOperationException($"The model cannot run: {refusal}.");
        await foreach (GenerationOutput output in handle.ReadAllAsync(cancellationToken)) _ = output;
    }

    private static SchedulerOptions SchedulerOptions(LocalModelOptions options, CausalModel model, int context) => new()
    {
        Name = options.Name,
        KvBytes = options.KvBytes > 0 ? options.KvBytes : KvBudget.Default(model.KvLayout, context),
        MaxRunning = options.MaxRunning,
        MaxQueued = options.MaxQueued,
        PrefillTokenBudget = options.MaxStepTokens,
        PrefillTokensBesideDecoding = options.PrefillTokensBesideDecoding,
        PrefillChunk = options.PrefillChunk,
        DraftTokens = options.Drafting ? SequenceDraft.MaxTokens : 0,
        QueueDeadline = options.QueueDeadline,
    };

    private static ChatTemplate? Template(GgufFile file, string? given)
    {
        if ((given ?? file.Metadata.FindString(ChatTemplateKey)) is not { Length: > 0 } source) return null;
        try
        {
            return ChatTemplate.Parse(source);
        }
        catch (TemplateException exception)
        {
            throw given is null ? file.Metadata.Wrong(ChatTemplateKey, exception.Message) : new GgufException($"The chat template that was given in place of the file's: {exception.Message}");
        }
    }
}
