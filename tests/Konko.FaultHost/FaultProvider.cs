using System.Globalization;
using System.Runtime.CompilerServices;
using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;

namespace Konko.FaultHost;

/// <summary>
/// A model that does what the last words of its prompt say: <c>fail after 5</c>, <c>throw after 5</c>, <c>vanish after 5</c> tokens,
/// <c>fail in a call</c>, <c>refuse 429</c>, <c>go on</c> until nobody wants it any more, <c>count</c> how often that has been.
/// </summary>
internal sealed class FaultProvider : IProvider
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(5);

    private int _stopped;

    /// <summary>Generations that were given up before their end.</summary>
    public int Stopped => Volatile.Read(ref _stopped);

    public ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        string[] words = Words(request.Prompt).Split(' ');
        if (words is ["refuse", var status]) return ValueTask.FromResult<Admission>(Refusal(int.Parse(status, CultureInfo.InvariantCulture)));
        return ValueTask.FromResult<Admission>(new Generation(this, words) { Seed = request.Sampling.Seed, PromptTokens = 3 });
    }

    private static string Words(Prompt prompt) => prompt switch
    {
        ChatPrompt chat => string.Concat(chat.Messages[^1].Content?.Parts ?? []),
        TextPrompt text => text.Text,
        _ => "",
    };

    private static ApiError Refusal(int status) => status switch
    {
        400 => ApiError.ContextLengthExceeded(8, 9, "messages"),
        401 => new ApiError(401, "There is no such key.", ErrorTypes.InvalidRequest, null, "invalid_api_key"),
        403 => new ApiError(403, "The key may not use this model.", "permission_error"),
        404 => ApiError.ModelNotFound("There is no such model."),
        429 => ApiError.Overloaded(TimeSpan.FromSeconds(1)),
        500 => ApiError.Internal(),
        _ => new ApiError(status, "The model cannot answer now.", ErrorTypes.Server),
    };

    private static ChoiceAdvanced Token(string text) => new(0, new GeneratedToken(1, text, -1, Special: false), text);

    private sealed class Generation(FaultProvider provider, string[] words) : AdmittedGeneration
    {
        private bool _ended;
        private int _disposed;

        public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (words is ["go", "on"])
            {
                while (!cancellationToken.IsCancellationRequested)
                {
                    yield return Token("word ");
                    await Task.Delay(s_pace, cancellationToken);
                }

                yield break;
            }

            if (words is ["fail", "in", ..])
            {
                yield return Token("") with { Calls = [new ToolCallDelta(0, "call_1", "get_weather", "")] };
                yield return Token("") with { Calls = [new ToolCallDelta(0, null, null, """{"city": "Par""")] };
            }

            int tokens = words is [_, "after", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
            for (int i = 0; i < tokens; i++) yield return Token("word ");
            switch (words[0])
            {
                case "fail":
                    _ended = true;
                    yield return new GenerationFailed(ApiError.Internal("The model failed."));
                    yield break;
                case "throw":
                    _ended = true;
                    throw new InvalidOperationException("The model failed, and these words are for nobody.");
                case "vanish":
                    _ended = true;
                    yield break;
            }

            string text = words is ["count"] ? provider.Stopped.ToString(CultureInfo.InvariantCulture) : "Hello.";
            _ended = true;
            yield return Token(text) with
            {
                End = new ChoiceEnd("stop", FinishDetail.EosToken, text, 1, new GenerationStats(default, default, default, default, default)),
                Usage = new TokenUsage(3, 1, 0),
            };
        }

        public override ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0 && !_ended) Interlocked.Increment(ref provider._stopped);
            return ValueTask.CompletedTask;
        }
    }
}
