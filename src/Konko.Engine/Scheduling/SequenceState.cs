using System.Runtime.InteropServices;
using Konko.Engine.Cache;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling.Drafting;

namespace Konko.Engine.Scheduling;

/// <summary>One choice's tokens and where its keys and values stand. Until the prompt is computed, one lead stands for all choices.</summary>
internal sealed class SequenceState
{
    private readonly List<int> _tokens;
    private SequenceDraft? _draft;

    /// <param name="request">The request it belongs to.</param>
    /// <param name="choice">Its choice; 0 for a lead.</param>
    /// <param name="prompt">The tokens it starts with.</param>
    /// <param name="sampler">Draws its tokens; null for a lead.</param>
    public SequenceState(RequestState request, int choice, ReadOnlySpan<int> prompt, TokenSampler? sampler)
    {
        Request = request;
        Choice = choice;
        Sampler = sampler;
        _tokens = [];
        _tokens.AddRange(prompt);
    }

    public RequestState Request { get; }

    public int Choice { get; }

    public TokenSampler? Sampler { get; }

    /// <summary>Prompt and drawn tokens.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Tokens drawn so far.</summary>
    public int Generated => _tokens.Count - Request.Prompt.Length;

    /// <summary>Its last token has been drawn.</summary>
    public bool Ended { get; set; }

    /// <summary>Nobody wants it any more.</summary>
    public bool IsCancelled => Sampler is null ? Request.IsWhollyCancelled : Request.IsCancelled(Choice);

    /// <summary>Pages and length; a lead hands them on to its first choice.</summary>
    public KvSequence Kv { get; set; } = new();

    /// <summary>Tokens whose keys and values are wanted: all of them, but nothing follows the last one where no token is to be drawn.</summary>
    public int Target => Request.Request.MaxTokens == 0 ? _tokens.Count - 1 : _tokens.Count;

    /// <summary>Tokens still to be computed: one while decoding, more in prefill, also after a preemption.</summary>
    public int Pending => Target - Kv.Length;

    /// <summary>Pages that it should be able to get before it is let in: for all its tokens and one page more, but no more than it can ever need.</summary>
    public int WantedPages => Math.Min(KvPool.PagesFor(Target) + 1, Request.MostPages);

    /// <summary>Tokens of it in the step being made; 0 for none.</summary>
    public int StepTokens { get; set; }

    /// <summary>Its index within the step.</summary>
    public int StepIndex { get; set; }

    /// <summary>How many of its last tokens in the step want logits.</summary>
    public int StepLogits { get; set; }

    /// <summary>What is drafted for it; made when it is first asked for.</summary>
    public SequenceDraft Draft => _draft ??= new SequenceDraft();

    /// <summary>How many of its tokens in the step are drafted: they count once they are drawn.</summary>
    public int Drafted => _draft?.Taken ?? 0;

    public void Append(int token) => _tokens.Add(token);

    /// <summary>Tells its request that it has ended; a lead ends for all.</summary>
    public void Close()
    {
        if (Sampler is null) Request.End();
        else Request.CloseChoice();
    }

    /// <summary>Sorts older sequences first: by request, then by choice.</summary>
    public bool IsOlderThan(SequenceState other)
        => Request.Ticket != other.Request.Ticket ? Request.Ticket < other.Request.Ticket : Choice < other.Choice;
}
