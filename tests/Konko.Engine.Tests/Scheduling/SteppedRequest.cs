using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>A request in a <see cref="StepHarness"/> and what has come out of it so far.</summary>
internal sealed class SteppedRequest(RequestState state)
{
    private readonly Transcript _transcript = new(state.Request.Choices);

    public GenerationRequest Request => state.Request;

    /// <summary>The outputs so far.</summary>
    public Transcript Transcript
    {
        get
        {
            while (state.Outputs.TryRead(out GenerationOutput? output)) _transcript.Add(output);
            return _transcript;
        }
    }

    public bool IsCompleted => Transcript is not null && state.Outputs.Completion.IsCompleted;

    public bool IsCancelled => Transcript is not null && state.Outputs.Completion.IsCanceled;

    public Exception? Error => Transcript is null ? null : state.Outputs.Completion.Exception?.InnerException;

    public void Cancel() => state.Cancel();

    public void CancelChoice(int choice) => state.CancelChoice(choice);

    /// <summary>The whole of a request that ended well.</summary>
    public string Whole()
    {
        Transcript transcript = Transcript;
        Assert.True(state.Outputs.Completion.IsCompletedSuccessfully, "The request has not ended well.");
        return transcript.ToString();
    }
}
