using System.Runtime.CompilerServices;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;
using Konko.Server.Generation;
using Konko.Server.Generation.Text;
using Konko.Server.Generation.Tools;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Providers.Local;

/// <summary>A request that the engine's scheduler has taken.</summary>
internal sealed class LocalGeneration(ProviderRequest request, Tokenizer tokenizer, IReadOnlyList<int> prompt, ToolDialect dialect, GenerationHandle handle, ILogger logger) : AdmittedGeneration
{
    /// <inheritdoc/>
    public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var assembler = new AnswerAssembler(request, tokenizer, prompt, dialect);
        var events = new List<GenerationEvent>();
        await using IAsyncEnumerator<GenerationOutput> outputs = handle.ReadAllAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        while (!assembler.Ended)
        {
            GenerationFailedException? failure = null;
            try
            {
                if (await outputs.MoveNextAsync()) assembler.Take(outputs.Current, events);
                else if (!assembler.Complete(events)) yield break;
            }
            catch (GenerationFailedException exception)
            {
                failure = exception;
            }

            // What follows an end may take long (a note on the disk, the next request of the connection): not where all requests' outputs are delivered.
            if (failure is not null || events.Exists(entry => entry is ChoiceAdvanced { End: not null })) await Task.Yield();
            if (failure is not null)
            {
                LocalErrors.LogFailure(logger, failure.Failure, failure);
                yield return new GenerationFailed(LocalErrors.Of(failure));
                yield break;
            }

            foreach (GenerationEvent entry in events)
            {
                // The engine knows nothing of stop strings, nor of calls, and would go on.
                if (entry is ChoiceAdvanced { Choice: int choice, End.Reason: FinishDetail.StopSequence }) handle.CancelChoice(choice);
                yield return entry;
            }

            events.Clear();
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        handle.Cancel();
        return ValueTask.CompletedTask;
    }
}
