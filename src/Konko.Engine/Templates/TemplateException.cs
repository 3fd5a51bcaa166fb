namespace Konko.Engine.Templates;

/// <summary>A chat template that cannot be parsed, or that failed on the conversation it was given.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>A failure whose line is not known yet.</summary>
    /// <param name="message">What is wrong.</param>
    public TemplateException(string message) : base(message)
    {
    }

    /// <summary>A failure at a line of the template.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="line">The template's line, from 1.</param>
    public TemplateException(string message, int line) : base($"chat template, line {line}: {message}") => Line = line;

    /// <summary>The template's line, from 1; 0 where the failure has no place in it.</summary>
    public int Line { get; }
}
