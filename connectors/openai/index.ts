import { defineConnector } from '@signalbox/sdk';
import { analyst } from './analyst.ts';
import { config } from './config.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'openai',
  title: 'OpenAI-compatible API',
  summary: 'Lets a language model sum up alerts, behind any API that speaks OpenAI’s chat completions.',
  version: '1.0.0',
  vendorVersions: 'OpenAI API v1; vLLM, llama.cpp, Ollama, LiteLLM and others that speak it',
  config,
  analyst,
  probe,
});
