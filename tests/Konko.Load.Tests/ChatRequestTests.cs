using System.Text.Json;

namespace Konko.Load.Tests;

public sealed class ChatRequestTests
{
    [Fact]
    public void Draw_Exact_HasTheWordsAndTokensAndNeverEndsEarly()
    {
        var shape = new RequestShape { PromptWords = 100, MaxTokens = 128, Exact = true };
        for (int i = 0; i < 20; i++)
        {
            ChatRequest request = ChatRequest.Draw(shape, i);
            Assert.Equal((100, 128, true, null), (request.Question.Split(' ').Length, request.MaxTokens, request.IgnoreEnd, request.LeavesAfter));
        }
    }

    [Fact]
    public void Draw_NotExact_VariesBelowTheMost()
    {
        ChatRequest[] requests = [.. Enumerable.Range(0, 200).Select(i => ChatRequest.Draw(new RequestShape { PromptWords = 20, MaxTokens = 40, Vanish = 0.5 }, i))];

        Assert.All(requests, request => Assert.InRange(request.Question.Split(' ').Length, 1, 20));
        Assert.All(requests, request => Assert.InRange(request.MaxTokens, 10, 40));
        Assert.InRange(requests.Count(request => request.LeavesAfter is not null), 70, 130);
        Assert.True(requests.Select(request => request.MaxTokens).Distinct().Count() > 10);
    }

    [Fact]
    public void Body_Request_IsAStreamedChatThatAsksForUsage()
    {
        ChatRequest request = ChatRequest.Draw(new RequestShape { Exact = true, MaxTokens = 5 }, 3);
        JsonElement body = JsonDocument.Parse(request.Body("m")).RootElement;

        Assert.Equal(("m", 5, true), (body.GetProperty("model").GetString(), body.GetProperty("max_tokens").GetInt32(), body.GetProperty("stream").GetBoolean()));
        Assert.Equal(["system", "user"], body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.True(body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.True(body.GetProperty("ignore_eos").GetBoolean());
        Assert.False(JsonDocument.Parse((request with { IgnoreEnd = false }).Body("m")).RootElement.TryGetProperty("ignore_eos", out _));
    }
}
