using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

public sealed class OutputDeliveryTests
{
    private static readonly GenerationRequest s_request = new() { Prompt = [1], MaxTokens = 9, Sampling = new SamplingParameters() };

    [Fact]
    public async Task Send_OutputsOfSeveralRequests_ReachEachReaderInOrderBeforeTheEnd()
    {
        using var delivery = new OutputDelivery();
        RequestState[] requests = [.. Enumerable.Range(0, 3).Select(_ => new RequestState(s_request, [1], 0, delivery))];
        Task<List<int>>[] read = [.. requests.Select(ReadAsync)];

        for (int step = 0; step < 50; step++)
        {
            for (int i = 0; i < requests.Length; i++) requests[i].Write(Token((100 * i) + step));
            delivery.Send();
        }

        foreach (RequestState request in requests) request.End();
        delivery.Send();

        List<int>[] ids = await Task.WhenAll(read);
        for (int i = 0; i < requests.Length; i++) Assert.Equal(Enumerable.Range(100 * i, 50), ids[i]);
    }

    [Fact]
    public async Task Send_SeveralOutputsOfOneRequest_ReaderHasAllBeforeItWaitsAgain()
    {
        using var delivery = new OutputDelivery();
        var request = new RequestState(s_request, [1], 0, delivery);
        async Task<(List<int> Ids, bool Waited)> TakeAsync()
        {
            await using IAsyncEnumerator<GenerationOutput> outputs = new GenerationHandle(request).ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(CancellationToken.None);
            List<int> ids = [];
            bool waited = false;
            for (int i = 0; i < 3; i++)
            {
                ValueTask<bool> next = outputs.MoveNextAsync();
                waited |= i > 0 && !next.IsCompleted;
                Assert.True(await next.ConfigureAwait(false));
                ids.Add(((TokenGenerated)outputs.Current).Token.Id);
            }

            return (ids, waited);
        }

        Task<(List<int> Ids, bool Waited)> taken = TakeAsync();
        for (int i = 0; i < 3; i++) request.Write(Token(i));
        delivery.Send();

        (List<int> ids, bool waited) = await taken;
        Assert.Equal([0, 1, 2], ids);
        Assert.False(waited);
    }

    [Fact]
    public async Task Send_NotCalled_NothingIsDelivered()
    {
        using var delivery = new OutputDelivery();
        var quiet = new RequestState(s_request, [1], 0, delivery);
        quiet.Write(Token(1));
        Assert.False(quiet.Outputs.TryRead(out _));

        Task<List<int>> read = ReadAsync(quiet);
        quiet.End();
        delivery.Send();

        Assert.Equal([1], await read);
    }

    [Fact]
    public async Task Dispose_OutputsLeft_AreDeliveredFirst()
    {
        var delivery = new OutputDelivery();
        var request = new RequestState(s_request, [1], 0, delivery);
        Task<List<int>> read = ReadAsync(request);
        request.Write(Token(7));
        request.Fail(GenerationFailure.Stopped, "No more.");

        delivery.Dispose();

        Assert.Equal("No more.", (await Assert.ThrowsAsync<GenerationFailedException>(() => read)).Message);
    }

    [Fact]
    public async Task Send_ReaderWaits_GoesOnOnTheDeliverysThread()
    {
        using var delivery = new OutputDelivery();
        var request = new RequestState(s_request, [1], 0, delivery);
        async Task<string?> ThreadAsync()
        {
            await request.Outputs.WaitToReadAsync(TestContext.Current.CancellationToken).ConfigureAwait(false);
            return Thread.CurrentThread.Name;
        }

        Task<string?> name = ThreadAsync();
        request.Write(Token(1));
        delivery.Send();

        Assert.Equal("konko delivery", await name);
    }

    private static TokenGenerated Token(int id) => new(0, new SampledToken(id, 0, null), null);

    private static async Task<List<int>> ReadAsync(RequestState request)
    {
        List<int> ids = [];
        await foreach (GenerationOutput output in request.Outputs.ReadAllAsync(TestContext.Current.CancellationToken)) ids.Add(((TokenGenerated)output).Token.Id);
        return ids;
    }
}
