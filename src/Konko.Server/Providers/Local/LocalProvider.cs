using System.Runtime.CompilerServices;
using Konko.Engine;
using Konko.Engine.Cache;
using Konko.Engine.Grammar;
using Konko.Engine.Scheduling;
using Konko.Server.Api.Errors;
using Konko.Server.Generation.Text;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Providers.Local;

/// <summary>The embedded engine.</summary>
internal sealed class LocalProvider : IProvider
{
    private static readonly TimeSpan s_retryWhenFull = TimeSpan.FromSeconds(1);

    // As long as a grammar is kept, so is what was worked out of it over this vocabulary.
    private readonly ConditionalWeakTable<CompiledGrammar, TokenGrammar> _grammars = [];
    private readonly LocalModel _model;
    private readonly LocalPrompt _prompts;
    private readonly ILogger _logger;

    /// <summary>A provider of one model.</summary>
    /// <param name="model">The model; it is not disposed here.</param>
    /// <param name="time">The clock that templates see.</param>
    /// <param name="logger">Learns of generations that broke.</param>
    public LocalProvider(LocalModel model, TimeProvider time, ILogger<LocalProvider> logger)
    {
        _model = model;
        _logger = logger;
        _prompts = new LocalPrompt(model.Tokenizer, model.ChatTemplate, time);
        // A sequence needs no keys and values for its last token.
        long room = (model.Scheduler.Statistics.Kv.Limit * (long)KvLayout.PagePositions) + 1;
        ContextLength = (int)Math.Min(model.ContextLength, room);
    }

    /// <summary>Most tokens of a prompt and its answer: what the model was made for, if there is memory for so many.</summary>
    public int ContextLength { get; }

    /// <summary>The model's prompts and tokens.</summary>
    public IPromptTokenizer Prompts => _prompts;

    /// <inheritdoc/>
    public ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        if (LongPrompts.IsLong(request.Prompt)) return new ValueTask<Admission>(LongPrompts.RunAsync(() => Admit(request), cancellationToken));
        return request.Grammar is null && !HasStrictCalls(request)
            ? ValueTask.FromResult(Admit(request))
            // The first grammar takes in the vocabulary, which takes a while.
            : new ValueTask<Admission>(Task.Run(() => Admit(request), cancellationToken));
    }

    private static bool HasStrictCalls(ProviderRequest request) => request is { Grammar: null, Prompt: ChatPrompt { Tools.IsStrict: true } };

    private Admission Admit(ProviderRequest request)
    {
        foreach (int id in request.Sampling.LogitBias.Keys)
        {
            if (id >= _model.Tokenizer.VocabularySize)
                return ApiError.InvalidRequest("logit_bias", $"'logit_bias' names the token {id}; this model's tokens are 0 to {_model.Tokenizer.VocabularySize - 1}.");
        }

        if (_prompts.Encode(request.Prompt, addSpecialTokens: true, out List<int> prompt) is { } invalid) return invalid;
        CompiledGrammar? grammar = request.Grammar;
        if (HasStrictCalls(request)
            && StrictCalls.Compile(((ChatPrompt)request.Prompt).Tools!, _prompts.Dialect, ThoughtParser.MarksOf(_model.Tokenizer, prompt), out grammar) is { } unenforceable)
            return unenforceable;
        string source = request.Prompt is ChatPrompt ? "messages" : "prompt";
        if (prompt.Count == 0) return ApiError.InvalidRequest(source, $"'{source}' has no tokens to go on from.");
        int room = ContextLength - prompt.Count;
        if (room < 1) return ApiError.ContextLengthExceeded(ContextLength, prompt.Count, source);

        var generation = new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = Math.Min(request.MaxTokens ?? int.MaxValue, room),
            Choices = request.Choices,
            Sampling = request.Sampling,
            Grammar = grammar is null ? null : _grammars.GetValue(grammar, compiled => new TokenGrammar(compiled, _model.GrammarVocabulary)),
            PromptLogProbs = request.Echo ? request.Sampling.TopLogProbs : null,
        };
        if (_model.Scheduler.TrySubmit(generation, out GenerationHandle? handle, out SubmitRefusal? refusal))
            return new LocalGeneration(request, _model.Tokenizer, prompt, _prompts.Dialect, handle, _logger) { Seed = request.Sampling.Seed, PromptTokens = prompt.Count };
        return refusal switch
        {
            SubmitRefusal.QueueFull => ApiError.Overloaded(s_retryWhenFull),
            SubmitRefusal.TooLarge => ApiError.ContextLengthExceeded(ContextLength, prompt.Count, source),
            _ => LocalErrors.Stopping,
        };
    }
}
