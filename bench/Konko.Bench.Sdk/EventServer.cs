using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Konko.Bench.Sdk;

/// <summary>A process of its own that answers every connection with the same stream of events, as fast as it is read.</summary>
internal static class EventServer
{
    /// <summary>Serves for ever on a free loopback port, which it prints.</summary>
    public static async Task RunAsync(int events)
    {
        byte[] answer = Answer(events);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        var request = new byte[16 << 10];
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            // A request of a few hundred bytes on loopback: its head, and perhaps its body a moment later.
            await stream.ReadExactlyAsync(request.AsMemory(0, 16));
            while (client.Available > 0) _ = await stream.ReadAsync(request);
            await stream.WriteAsync(answer);
            client.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(request) > 0)
            {
            }
        }
    }

    /// <summary>An answer of chunks as Konko's server writes them, each of another token.</summary>
    private static byte[] Answer(int events)
    {
        var text = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n");
        for (int i = 0; i < events; i++)
        {
            string word = " word" + i % 1000;
            text.Append("data: {\"id\":\"a91c0730-161f-4885-aa5f-076da3dfa8c8\",\"object\":\"chat.completion.chunk\",\"created\":1704899844,\"model\":\"mistralai/mistral-7b-instruct-v0.1\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"")
                .Append(word).Append("\",\"function_call\":null,\"tool_calls\":null},\"logprobs\":null,\"finish_reason\":null}],\"token\":{\"id\":").Append(1000 + i % 30000)
                .Append(",\"text\":\"").Append(word).Append("\",\"logprob\":-0.21,\"special\":false},\"generated_text\":null,\"details\":null,\"stats\":null,\"usage\":null}\n\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("data: [DONE]\n\n").ToString());
    }
}
