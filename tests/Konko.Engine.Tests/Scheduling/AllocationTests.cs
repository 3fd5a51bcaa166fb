using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Step_ManyStreamsDecoding_AllocatesTheOutputRecordsAndNothingElse(int drafts)
    {
        const int Streams = 8, Steps = 300;
        using var harness = new StepHarness(
            StepHarness.Options(pages: Streams * 32) with { DraftTokens = drafts }, new FakeModel(contextLength: 4096, maxStepTokens: 640));
        var requests = new List<RequestState>();

        // A first round commits every page and lets the lists grow; then no list grows between 650 and 950 tokens.
        Submit(seed: 0);
        Run(1000);
        requests.ForEach(request => request.Cancel());
        requests.Clear();
        Submit(seed: Streams);
        Run(650);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(Steps);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated / (Steps * Streams), 40, 64);

        void Submit(int seed)
        {
            for (int i = 0; i < Streams; i++)
            {
                GenerationRequest request = RandomRequests.Endless(prompt: 10, maxTokens: 1000, seed + i);
                requests.Add(new RequestState(request, [.. request.Prompt], harness.Time.GetTimestamp()));
                Assert.Null(harness.Queue.TryAdd(requests[i]));
            }
        }

        void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                harness.Step();
                foreach (RequestState request in requests)
                {
                    while (request.Outputs.TryRead(out _))
                    {
                    }
                }
            }
        }
    }
}
