using System.Runtime.CompilerServices;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>The state of one render: variables in scope, output, place in the source, and what is left of the limits.</summary>
internal sealed class RenderContext
{
    // Steps between two looks at what the thread has allocated; a step allocates some hundreds of bytes at the most.
    private const int StepsToLook = 256;
    private const long LargeBytes = 1 << 16;

    private readonly long _bytesAllowed;
    private readonly long _allocatedAllowed;
    private long _stepsLeft;
    private long _stepsToLook = StepsToLook;
    private long _bytes;
    private int _depth;

    /// <summary>A render about to begin.</summary>
    /// <param name="inputBytes">Size of the input, which the limits grow with.</param>
    /// <param name="time">The clock of <c>strftime_now</c>.</param>
    /// <param name="share">Divides what the smallest input may use.</param>
    public RenderContext(long inputBytes, TimeProvider time, int share = 1)
    {
        long bytes = TemplateLimits.Bytes / share;
        _bytesAllowed = bytes + (inputBytes * TemplateLimits.BytesPerInputByte);
        _allocatedAllowed = GC.GetAllocatedBytesForCurrentThread() + bytes + (inputBytes * TemplateLimits.AllocatedPerInputByte);
        _stepsLeft = Math.Min((TemplateLimits.Steps / share) + (inputBytes * TemplateLimits.StepsPerInputByte), TemplateLimits.MaxSteps);
        Time = time;
        Output = new TextBuilder(this);
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The innermost scope.</summary>
    public Scope Scope { get; set; } = new(null);

    /// <summary>Where statements write to: the prompt, or the text of a macro or block.</summary>
    public TextBuilder Output { get; set; }

    /// <summary>The line of the statement that runs.</summary>
    public int Line { get; set; } = 1;

    /// <summary>Begins an evaluation; <see cref="Leave"/> ends it.</summary>
    public void Enter()
    {
        Step(1);
        // The limit is what templates meet; the stack is only asked for the sake of threads with a small one.
        if (++_depth > TemplateLimits.RenderDepth || (_depth % 16 == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
            throw new TemplateException("evaluation is nested too deeply");
    }

    /// <summary>Ends an evaluation.</summary>
    public void Leave() => _depth--;

    /// <summary>Counts work.</summary>
    /// <param name="count">How many evaluations it is worth.</param>
    public void Step(long count)
    {
        if ((_stepsLeft -= count) < 0) throw new TemplateException("the template takes too many steps");
        if ((_stepsToLook -= count) < 0) Reserve(0);
    }

    /// <summary>Looks whether the render, which stays on its thread, may allocate so many bytes more.</summary>
    public void Reserve(long bytes)
    {
        _stepsToLook = StepsToLook;
        if (GC.GetAllocatedBytesForCurrentThread() + bytes > _allocatedAllowed) throw new TemplateException("the template uses too much memory");
    }

    /// <summary>Counts text that is made.</summary>
    /// <param name="length">Its length in UTF-16 units.</param>
    public void MakeText(long length)
    {
        Make(length * sizeof(char));
        Step(1 + (length >> 6));
    }

    /// <summary>Counts elements of lists and dictionaries that are made.</summary>
    /// <param name="count">How many.</param>
    public void MakeElements(long count)
    {
        Make(count * 64);
        Step(count);
    }

    /// <summary>Runs statements with an output of their own.</summary>
    /// <returns>What they wrote.</returns>
    public StringValue Capture(Statements.Statement body)
    {
        TextBuilder outer = Output;
        Output = new TextBuilder(this);
        body.Execute(this);
        StringValue text = Output.ToValue();
        Output = outer;
        return text;
    }

    private void Make(long bytes)
    {
        if ((_bytes += bytes) > _bytesAllowed) throw new TemplateException("the template makes too much text");
        if (bytes >= LargeBytes) Reserve(bytes);
    }
}
