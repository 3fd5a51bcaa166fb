using System.Buffers;
using System.Text;
using Konko.Protocol.Answers;
using Konko.Protocol.Chat;
using Konko.Protocol.Errors;
using Konko.Protocol.Sse;

namespace Konko.Protocol.Tests.Sse;

public sealed class SseWriterTests
{
    [Fact]
    public void WriteEvent_Chunk_IsTheSpecificationsByteForByte()
    {
        var chunk = new ChatCompletionChunk
        {
            Id = "a91c0730-161f-4885-aa5f-076da3dfa8c8",
            Created = 1704899844,
            Model = "mistralai/mistral-7b-instruct-v0.1",
            SystemFingerprint = null,
            Choices =
            [
                new ChatChunkChoice { Index = 0, Delta = new ChatDelta { Role = "assistant", Content = " website" }, Logprobs = null, FinishReason = null },
            ],
            Token = new AnswerToken { Id = 4400, Text = " website", Logprob = -0.21f, Special = false },
        };
        Assert.Equal(
            """
            data: {"id":"a91c0730-161f-4885-aa5f-076da3dfa8c8","object":"chat.completion.chunk","created":1704899844,"model":"mistralai/mistral-7b-instruct-v0.1","system_fingerprint":null,"choices":[{"index":0,"delta":{"role":"assistant","content":" website","function_call":null,"tool_calls":null},"logprobs":null,"finish_reason":null}],"token":{"id":4400,"text":" website","logprob":-0.21,"special":false},"generated_text":null,"details":null,"stats":null,"usage":null}


            """.ReplaceLineEndings("\n"),
            Written(writer => writer.WriteEvent(chunk, WireJson.Default.ChatCompletionChunk)));
    }

    [Fact]
    public void WriteEvent_SeveralInTurn_KeepsOneLineEach()
        => Assert.Equal(
            "data: {\"error\":{\"message\":\"a\\nb\",\"type\":\"t\",\"param\":null,\"code\":null}}\n\n: ping\n\ndata: {\"error\":{\"message\":\"日\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}}\n\ndata: [DONE]\n\n",
            Written(writer =>
            {
                writer.WriteEvent(new ErrorResponse { Error = new ErrorObject { Message = "a\nb", Type = "t" } }, WireJson.Default.ErrorResponse);
                writer.WritePing();
                writer.WriteEvent(new ErrorResponse { Error = new ErrorObject { Message = "日", Type = "t", Param = "p", Code = "c" } }, WireJson.Default.ErrorResponse);
                writer.WriteDone();
            }));

    private static string Written(Action<SseWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new SseWriter(output)) write(writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
