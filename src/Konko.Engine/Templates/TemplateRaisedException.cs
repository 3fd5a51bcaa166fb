namespace Konko.Engine.Templates;

/// <summary>A refusal by the template itself, through its own <c>raise_exception</c>.</summary>
/// <param name="message">The template's words, unchanged; they are meant for the caller.</param>
public sealed class TemplateRaisedException(string message) : Exception(message);
