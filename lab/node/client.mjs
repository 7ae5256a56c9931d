// SPDX-License-Identifier: Apache-2.0
// A client of vethtrace.v1 that shares no code with vethtrace. It lists the services, watches drops
// until one has the wanted reason, looks that up by name, and prints what it got as lines of JSON.
//
//   node client.mjs SOCKET REASON NETNS [PROTO_FOLDER]
//
// Without PROTO_FOLDER it knows of vethtrace what the server's reflection tells.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [socket, wantedReason, netns, protoFolder] = process.argv.slice(2);
const LOADING = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const LIMIT_MS = 60_000;
const address = `unix:${socket}`;

function say(object) {
  console.log(JSON.stringify(object));
}

function clientOf(definition, name) {
  const service = name.split('.').reduce((scope, part) => scope[part], grpc.loadPackageDefinition(definition));
  return new service(address, grpc.credentials.createInsecure());
}

/** The reflection protocol's own proto file is that of gRPC's package. */
function reflectionClient() {
  const main = createRequire(import.meta.url).resolve('@grpc/reflection');
  const folder = join(dirname(main), '..', 'proto');
  return clientOf(
    loader.loadSync('grpc/reflection/v1/reflection.proto', { ...LOADING, includeDirs: [folder] }),
    'grpc.reflection.v1.ServerReflection',
  );
}

function reflect(request) {
  return new Promise((resolve, reject) => {
    const call = reflectionClient().ServerReflectionInfo();
    call.on('data', (response) => {
      call.end();
      response.error_response ? reject(new Error(response.error_response.error_message)) : resolve(response);
    });
    call.on('error', reject);
    call.write({ host: '', ...request });
  });
}

/** A google.protobuf.FileDescriptorSet: field 1, repeated, each behind its length as a varint. */
function descriptorSet(files) {
  const parts = [];
  for (const file of files) {
    const head = [0x0a];
    let length = file.length;
    for (; length > 0x7f; length >>>= 7) {
      head.push((length & 0x7f) | 0x80);
    }
    head.push(length);
    parts.push(Buffer.from(head), file);
  }
  return Buffer.concat(parts);
}

async function definitionByReflection(symbol) {
  const { file_descriptor_response: found } = await reflect({ file_containing_symbol: symbol });
  const distinct = new Map(found.file_descriptor_proto.map((file) => [file.toString('base64'), file]));
  return loader.loadFileDescriptorSetFromBuffer(descriptorSet([...distinct.values()]), LOADING);
}

function definitionByProtoFiles() {
  return loader.loadSync('vethtrace/v1/drop_service.proto', { ...LOADING, includeDirs: [protoFolder] });
}

function dropWithWantedReason(drops) {
  return new Promise((resolve, reject) => {
    const call = drops.WatchDrops({ filter: { netns: [netns] } }, { deadline: Date.now() + LIMIT_MS });
    let begun = false;
    call.on('data', (batch) => {
      if (!begun) {
        begun = true;
        say({ watching: netns });
      }
      const drop = batch.drops.find(({ reason }) => reason === wantedReason);
      if (drop) {
        call.on('error', () => {});
        call.cancel();
        resolve(drop);
      }
    });
    call.on('error', reject);
    call.on('end', () => reject(new Error('the stream ended')));
  });
}

function unary(client, method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, { deadline: Date.now() + LIMIT_MS }, (error, response) =>
      error ? reject(error) : resolve(response));
  });
}

const listed = await reflect({ list_services: '' });
say({ services: listed.list_services_response.service.map(({ name }) => name) });
const name = 'vethtrace.v1.DropService';
const drops = clientOf(protoFolder ? definitionByProtoFiles() : await definitionByReflection(name), name);
say({ drop: await dropWithWantedReason(drops) });
const { reasons } = await unary(drops, 'ListDropReasons', {});
say({ reason: reasons.find((reason) => reason.name === wantedReason) });
process.exit(0);
