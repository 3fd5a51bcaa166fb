using System.Threading.Channels;
using Konko.Engine.Cache;
using Konko.Engine.Sampling;

namespace Konko.Engine.Scheduling;

/// <summary>One request from its submission to its end. The flags of cancellation are set by anyone, all else belongs to the scheduler's thread.</summary>
internal sealed class RequestState
{
    private readonly Channel<GenerationOutput> _outputs = Channel.CreateUnbounded<GenerationOutput>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });

    private readonly OutputDelivery? _delivery;
    private readonly bool[] _cancelledChoices;
    private bool _cancelled;
    private int _openChoices;

    /// <param name="request">What to generate; already validated.</param>
    /// <param name="prompt">The request's prompt, copied so that nobody can change it.</param>
    /// <param name="submitted">When it came, a timestamp of the scheduler's time provider.</param>
    /// <param name="delivery">Hands the outputs to the reader; without one they are its own at once.</param>
    public RequestState(GenerationRequest request, int[] prompt, long submitted, OutputDelivery? delivery = null)
    {
        _delivery = delivery;
        Request = request;
        Prompt = prompt;
        Submitted = submitted;
        _cancelledChoices = new bool[request.Choices];
        _openChoices = request.Choices;
        if (request.PromptLogProbs is not null) Scores = new TokenLogProbs?[prompt.Length];
        Lead = new SequenceState(this, choice: 0, prompt, sampler: null);
    }

    public GenerationRequest Request { get; }

    public int[] Prompt { get; }

    public long Submitted { get; }

    /// <summary>Place in the order of submission, set by the queue: a lower ticket is older.</summary>
    public long Ticket { get; set; }

    /// <summary>The sequence that computes the prompt for all choices.</summary>
    public SequenceState Lead { get; }

    /// <summary>Pages of a choice that goes on to its last allowed token, whose own keys and values nobody needs.</summary>
    public int MostPages => KvPool.PagesFor(Prompt.Length + Request.MaxTokens - 1);

    /// <summary>The outputs have ended in a failure.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What the prompt's tokens scored, where asked for; the first never has a score.</summary>
    public TokenLogProbs?[]? Scores { get; }

    /// <summary>How many of the first prompt tokens need no more scoring.</summary>
    public int Scored { get; set; } = 1;

    /// <summary>Prompt tokens wait for their scores.</summary>
    public bool IsScoring => Scores is not null && Scored < Prompt.Length;

    /// <summary>There is a token to score or to draw.</summary>
    public bool NeedsModel => Request.MaxTokens > 0 || IsScoring;

    public ChannelReader<GenerationOutput> Outputs => _outputs.Reader;

    public void Cancel() => Volatile.Write(ref _cancelled, true);

    public void CancelChoice(int choice) => Volatile.Write(ref _cancelledChoices[choice], true);

    public bool IsCancelled(int choice) => Volatile.Read(ref _cancelled) || Volatile.Read(ref _cancelledChoices[choice]);

    /// <summary>Nobody wants any of the choices.</summary>
    public bool IsWhollyCancelled
    {
        get
        {
            for (int i = 0; i < _cancelledChoices.Length; i++)
            {
                if (!IsCancelled(i)) return false;
            }

            return true;
        }
    }

    /// <summary>Adds an output; it reaches the reader when the step's outputs are sent.</summary>
    public void Write(GenerationOutput output)
    {
        if (_delivery is null) Deliver(output);
        else _delivery.Add(this, output);
    }

    /// <summary>Gives the reader an output; the delivery's own.</summary>
    public void Deliver(GenerationOutput output) => _outputs.Writer.TryWrite(output);

    /// <summary>Ends what the reader gets; the delivery's own.</summary>
    public void DeliverEnd(Exception? error) => _outputs.Writer.TryComplete(error);

    /// <summary>Notes that a choice has ended; the last one ends the outputs.</summary>
    public void CloseChoice()
    {
        if (--_openChoices == 0) End();
    }

    /// <summary>Ends the outputs as they are.</summary>
    public void End() => End(Volatile.Read(ref _cancelled) ? new OperationCanceledException("The request was cancelled.") : null);

    /// <summary>Ends the outputs with a failure.</summary>
    public void Fail(GenerationFailure failure, string message, Exception? inner = null)
    {
        HasFailed = true;
        End(new GenerationFailedException(failure, message, inner));
    }

    private void End(Exception? error)
    {
        if (_delivery is null) DeliverEnd(error);
        else _delivery.End(this, error);
    }
}
